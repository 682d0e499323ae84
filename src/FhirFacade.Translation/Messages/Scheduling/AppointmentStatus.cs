using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>
/// Appointment.status. An event that ends the appointment decides (S15, S16, S17, S26), unless SCH-25 names another end; else SCH-25, else
/// the services' own status (AIS-10), else what the event makes likely.
/// </summary>
internal static class AppointmentStatus
{
    public static void Decide(MessageWalk walk, ResourceDraft appointment, string? ofServices)
    {
        var content = appointment.Content;
        var maps = walk.Scope.Maps;
        var sent = (string?)content["status"];
        var ended = maps.Table("Event-AppointmentStatus").Find(walk.Event)?.Code;
        if (ended is not null && !IsEnd(sent) && (sent is null || !walk.Scope.Profile.AppointmentStatusOfField))
        {
            content["status"] = ended;
        }

        if (content["status"] is null && ofServices is not null)
        {
            content["status"] = ofServices;
        }

        appointment.Presume("status", JsonValue.Create(maps.Table("Event-AppointmentStatus-presumed").Find(walk.Event)?.Code ?? "pending"));

        // A reason of cancellation belongs to what was cancelled (app-4).
        if ((string?)content["status"] is "cancelled" or "noshow" && walk.Provenance.Content["reason"] is JsonArray { Count: > 0 } reasons)
        {
            content["cancelationReason"] = reasons[^1]!.DeepClone();
        }
    }

    /// <summary>What an encounter that the schedule names is, as far as the schedule knows.</summary>
    public static string OfEncounter(string? appointment) => appointment switch
    {
        "cancelled" or "noshow" => "cancelled",
        "entered-in-error" => "entered-in-error",
        "arrived" or "checked-in" => "arrived",
        "fulfilled" => "finished",
        _ => "planned",
    };

    private static bool IsEnd(string? status) => status is "cancelled" or "noshow" or "entered-in-error";
}
