using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Finance;

/// <summary>
/// FT1 -> ChargeItem, by its number (FT1-2), else by message and place. A payment is no charge, and R4 has no other place for it outside
/// claims: its fields are reported.
/// </summary>
internal static class ChargeAssembly
{
    private const string TransactionType = "http://terminology.hl7.org/CodeSystem/v2-0017";

    /// <summary>Null if there is no charge in it.</summary>
    public static ResourceDraft? Run(MessageWalk walk, Hl7Segment ft1, ResourceDraft? account)
    {
        var scope = walk.Scope;
        walk.Noted = null;
        if (walk.Patient is not { } patient || ft1[6][1].Is("PY"))
        {
            return null;
        }

        // One transaction may have several lines: number and code together tell them apart.
        var code = FhirText.Code(ft1[7][1]) ?? FhirText.Code(ft1[25][1]);
        var id = FhirText.String(ft1[2]) is { } number
            ? BusinessId.Of("ChargeItem", scope.Sender.System, patient.Id, number, code)
            : BusinessId.Of("ChargeItem", "message", scope.Key, ft1.Location);
        var draft = scope.Resources.GetOrAdd("ChargeItem", id, TranslationMode.Merge, out var isNew);
        var target = isNew ? draft : scope.Scratch(draft);
        var content = target.Content;
        content["subject"] = patient.Reference();
        content.Put("context", walk.Encounter?.Reference());
        content.Put("account", account is null ? null : new JsonArray(account.Reference()));
        scope.Maps["FT1-ChargeItem"].Run(ft1, target, scope);
        Code(ft1, target, scope);
        Occurred(ft1, content, scope);
        Status(ft1, content);
        walk.Noted = draft;
        return draft;
    }

    // FT1-25 says in a public code what FT1-7 says in the hospital's own: one charge, two codings.
    private static void Code(Hl7Segment ft1, ResourceDraft charge, MessageScope scope)
    {
        if (CweToCodeableConcept.Concept(ft1[25].Repetition(1), null, scope) is { } procedure)
        {
            if (charge.Content["code"] is not JsonObject code)
            {
                charge.Content["code"] = procedure;
            }
            else if (procedure["coding"] is JsonArray more)
            {
                var known = (code["coding"] as JsonArray)?.Select(static c => ((string?)c!["system"], (string?)c["code"])).ToHashSet() ?? [];
                foreach (var coding in more)
                {
                    if (!known.Contains(((string?)coding!["system"], (string?)coding["code"])))
                    {
                        code.Append("coding", coding.DeepClone());
                    }
                }
            }
        }

        charge.Presume("code", DataAbsent.Unknown());
    }

    // FT1-4 is a time, or from version 2.6 on a range of two.
    private static void Occurred(Hl7Segment ft1, JsonObject content, MessageScope scope)
    {
        if (ft1[4][2].HasValue && PeriodOf.Dates(ft1[4][1], ft1[4][2], scope) is { } period)
        {
            content["occurrencePeriod"] = period;
        }
        else
        {
            content.Put("occurrenceDateTime", DtmToDateTime.Text(ft1[4][1], scope));
        }
    }

    // Charges are to be billed; what corrects them (credit, adjustment, co-payment) is not, and keeps its own code beside the status.
    private static void Status(Hl7Segment ft1, JsonObject content)
    {
        var type = FhirText.Code(ft1[6][1]);
        content["status"] = type switch { "CG" => "billable", null => "unknown", _ => "not-billable" };
        if (type is not (null or "CG"))
        {
            content["_status"] = Coded.Alternate(TransactionType, type);
        }
    }
}
