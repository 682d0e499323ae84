using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// PID-33, PID-34 -> Provenance of the patient's record in the system that sent it: when it was last updated there, and where. The message has a
/// Provenance of its own (<see cref="ProvenanceAssembly"/>).
/// </summary>
internal static class PatientProvenance
{
    private const string Operation = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";

    public static void Pid(MessageWalk walk, Hl7Segment pid, ResourceDraft patient)
    {
        var scope = walk.Scope;
        if (DtmToDateTime.Text(pid[33], scope) is not { } updated)
        {
            return;
        }

        scope.Use.Read(pid, 33);
        var facility = HdToOrganization.Draft(pid[34], scope);
        var draft = scope.Resources.GetOrAdd("Provenance", BusinessId.Of("Provenance", patient.Id, "record", updated, facility?.Id), TranslationMode.Replace, out _);
        draft.Content["target"] = new JsonArray(patient.Reference());
        draft.Content["occurredDateTime"] = updated;
        Recorded(pid[33], draft.Content, scope);
        draft.Content["activity"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Operation, ["code"] = "UPDATE" }) };
        draft.Content["agent"] = new JsonArray(facility is null ? new JsonObject { ["who"] = DataAbsent.Unknown() } : ProvenanceAssembly.Agent("performer", XonToOrganization.Reference(facility)));
        if (facility is not null)
        {
            scope.Use.Read(pid, 34);
        }
    }

    // The same update is told by many messages: when each was written must not make a version of it.
    private static void Recorded(Hl7Element updated, JsonObject content, MessageScope scope)
    {
        if (Dtm.TryRead(updated, out var time) && time.ToInstant(scope.Time) is { } instant)
        {
            content["recorded"] = instant;
        }
        else
        {
            content["_recorded"] = DataAbsent.Unknown();
        }
    }
}
