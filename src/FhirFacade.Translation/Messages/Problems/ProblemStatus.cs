using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Codes;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Problems;

/// <summary>
/// Condition.clinicalStatus (PRB-14) and verificationStatus (PRB-13, else PRB-19), whose v2 codes are each site's own: known words are
/// understood, others stay as text. A deleted problem (PRB-1) was entered in error; a resolved one (PRB-9) is resolved.
/// </summary>
internal static class ProblemStatus
{
    private const string Clinical = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private const string Verification = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

    public static void Decide(Hl7Segment prb, ResourceDraft condition, MessageScope scope)
    {
        var content = condition.Content;
        if (prb[1].Is("DE") || prb[14][1].Is("Deleted"))
        {
            content["verificationStatus"] = Coded.Concept(Verification, "entered-in-error");
            content["clinicalStatus"] = null;
            return;
        }

        var certainty = prb[13].HasValue ? prb[13] : prb[19];
        content.Put("verificationStatus", Concept(certainty, scope.Maps.Table("ProblemConfirmationStatus"), scope));
        var state = Concept(prb[14], scope.Maps.Table("ProblemLifeCycleStatus"), scope);
        var isOver = content.ContainsKey("abatementDateTime") && content["abatementDateTime"] is not null;
        if (isOver && state.At() is not ("inactive" or "resolved" or "remission"))
        {
            // What has an end is not active any more (con-4): the date is the newer fact.
            state = Coded.Concept(Clinical, "resolved");
        }

        content.Put("clinicalStatus", state);
        condition.Presume("clinicalStatus", Coded.Concept(Clinical, "active"));
    }

    private static string? At(this JsonObject? concept) => (string?)concept?["coding"]?[0]?["code"];

    private static JsonObject? Concept(Hl7Element value, CodeTable table, MessageScope scope)
    {
        var text = FhirText.Code(value[1]) ?? FhirText.String(value[2]);
        if (text is null)
        {
            return null;
        }

        if ((table.Find(text) ?? (FhirText.String(value[2]) is { } name ? table.Find(name) : null)) is not { Code: { } code } target)
        {
            scope.UnknownCode(value, table);
            return null;
        }

        var concept = Coded.Concept(target.System, code);
        concept.Put("text", CweToString.Text(value) is { } said && !string.Equals(said, code, StringComparison.OrdinalIgnoreCase) ? said : null);
        return concept;
    }
}
