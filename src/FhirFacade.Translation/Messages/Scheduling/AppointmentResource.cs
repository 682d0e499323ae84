using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>One AIG, AIL or AIP and the participant it made.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Participant">Its entry in Appointment.participant.</param>
internal sealed record AppointmentResource(Hl7Segment Segment, JsonObject Participant)
{
    /// <summary>When it takes part: its own start, else an offset from the appointment's; its duration gives the end.</summary>
    public void Complete(string? appointmentStart, MessageScope scope)
    {
        var at = Segment.Is("AIG") ? 8 : 6;
        var start = AppointmentTime.Instant(Segment[at], scope)
            ?? AppointmentTime.Later(appointmentStart, AppointmentTime.Duration(Segment[at + 1], Segment[at + 2], scope));
        var period = new JsonObject();
        period.Put("start", start);
        period.Put("end", AppointmentTime.Later(start, AppointmentTime.Duration(Segment[at + 3], Segment[at + 4], scope)));
        Participant.Put("period", period.OrNull());
    }
}
