using System.Collections.Immutable;
using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>What a patient's snapshot no longer carries, in feeds whose messages carry all that there is (<see cref="FeedProfile.SnapshotSegments"/>).</summary>
internal static class Snapshot
{
    private const string Allergy = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    private const string Condition = "http://terminology.hl7.org/CodeSystem/condition-clinical";

    /// <summary>True if the message shows the whole of such a segment's repetitions.</summary>
    public static bool IsOf(MessageWalk walk, string segment) =>
        walk.MessageCode == "ADT"
        && walk.Event is "A01" or "A04" or "A05" or "A08" or "A28" or "A31"
        && walk.Scope.Profile.SnapshotSegments.Contains(segment, StringComparer.Ordinal);

    public static ImmutableArray<RetiredResources> Retired(MessageWalk walk, DateTimeOffset? time)
    {
        if (walk.Scope.Profile.SnapshotSegments.IsEmpty || walk.Patient is not { } patient)
        {
            return [];
        }

        var retired = ImmutableArray.CreateBuilder<RetiredResources>();
        if (IsOf(walk, "AL1") || IsOf(walk, "IAM"))
        {
            Add("AllergyIntolerance", null, "clinicalStatus", Concept(Allergy, "inactive"));
        }

        if (IsOf(walk, "DG1") && walk.Encounter is { } visit)
        {
            Add("Condition", visit.Id, "clinicalStatus", Concept(Condition, "inactive"));
        }

        if (IsOf(walk, "NK1"))
        {
            Add("RelatedPerson", null, "active", false);
        }

        if (IsOf(walk, "IN1"))
        {
            Add("Coverage", null, "status", "cancelled");
        }

        return retired.ToImmutable();

        void Add(string type, string? encounter, string element, JsonNode value)
        {
            var kept = walk.Scope.Resources.All.Where(d => d.Type == type).Select(d => d.Id);
            var content = new JsonObject { ["resourceType"] = type, [element] = value, ["meta"] = new JsonObject { ["source"] = walk.Scope.Sender.Source } };
            retired.Add(new RetiredResources(type, patient.Id, encounter, [.. kept], content.ToObject(), time));
        }
    }

    /// <summary>What any message of such a feed carries is active again, should a snapshot have left it out.</summary>
    public static void Revive(MessageWalk walk)
    {
        var segments = walk.Scope.Profile.SnapshotSegments;
        if (segments.IsEmpty)
        {
            return;
        }

        foreach (var draft in walk.Scope.Resources.All)
        {
            switch (draft.Type)
            {
                case "Condition" when segments.Contains("DG1", StringComparer.Ordinal):
                    draft.Content["clinicalStatus"] ??= draft.Content["verificationStatus"] is null ? Concept(Condition, "active") : null;
                    break;
                case "RelatedPerson" when segments.Contains("NK1", StringComparer.Ordinal):
                    draft.Content["active"] ??= true;
                    break;
                case "Coverage" when segments.Contains("IN1", StringComparer.Ordinal):
                    draft.Say("status");
                    break;
            }
        }
    }

    private static JsonObject Concept(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
