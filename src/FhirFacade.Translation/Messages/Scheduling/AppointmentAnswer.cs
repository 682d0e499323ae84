using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>
/// AIG-14, AIL-12, AIP-12: a resource that has its own filler status has answered -> AppointmentResponse beside the participant's status, one for each
/// participant of an appointment.
/// </summary>
internal static class AppointmentAnswer
{
    public static void Of(ResourceDraft appointment, AppointmentResource resource, MessageScope scope)
    {
        var (segment, participant) = (resource.Segment, resource.Participant);
        var answer = segment[segment.Is("AIG") ? 14 : 12];
        if (!answer.HasValue || participant["actor"] is not JsonObject actor || (string?)participant["status"] is not { } status)
        {
            return;
        }

        var who = (string?)actor["reference"] ?? (string?)actor["identifier"]?["value"] ?? (string?)actor["display"];
        var draft = scope.Resources.GetOrAdd("AppointmentResponse", BusinessId.Of("AppointmentResponse", appointment.Id, who), TranslationMode.Merge, out _);
        draft.Content["appointment"] = appointment.Reference();
        draft.Content["actor"] = actor.DeepClone();
        draft.Content["participantStatus"] = status;
        draft.Content.Put("start", participant["period"]?["start"] is JsonValue ? (string?)participant["period"]!["start"] : null);
        draft.Content.Put("end", participant["period"]?["end"] is JsonValue ? (string?)participant["period"]!["end"] : null);
    }
}
