using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Encounter.status. Events that are about the state of the visit decide (discharge, cancellations, leave); else a discharge time
/// (PV1-45) or the patient class (PV1-2) has decided by the map; else what the event makes likely. A feed may have the fields decide before the events
/// (<see cref="FeedProfile.EncounterStatusOfField"/>).
/// </summary>
internal static class EncounterStatus
{
    public static void Decide(MessageWalk walk, ResourceDraft encounter)
    {
        var isAdt = walk.MessageCode == "ADT";
        var isOfField = walk.Scope.Profile.EncounterStatusOfField && encounter.Content["status"] is not null;
        if (isAdt && !isOfField && walk.Scope.Maps.EncounterStatusByEvent.Find(walk.Event)?.Code is { } decided)
        {
            encounter.Content["status"] = decided;
            encounter.Content.Remove("_status");
            walk.Scope.Assembled?.Said(encounter, "status", walk.Scope.Header, 9);
            if (walk.Event == "A13")
            {
                Reopen(encounter);
            }
        }

        if (encounter.Content["status"] is null)
        {
            var likely = isAdt ? walk.Scope.Maps.EncounterStatusPresumed.Find(walk.Event)?.Code : null;
            encounter.Presume("status", JsonValue.Create(likely ?? "unknown"));
        }
        else if (!isAdt || walk.Event is "A08" or "A31" or "A28")
        {
            // Derived from the class alone; whoever has stored something knows it from the visit's own messages.
            if (encounter.Content["period"]?["end"] is null)
            {
                encounter.Presumed("status");
            }
        }
    }

    // A discharge that did not happen has no end, even if the message repeats it.
    private static void Reopen(ResourceDraft encounter)
    {
        if (encounter.Content["period"] is not JsonObject period)
        {
            encounter.Content["period"] = period = [];
        }

        period["end"] = null;
    }
}
