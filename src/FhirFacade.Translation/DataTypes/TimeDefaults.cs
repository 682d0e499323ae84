using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.DataTypes;

/// <summary>The offset of times that were sent without one: that of MSH-7, else the feed's zone at that time (HL7 v2, 2.A.22).</summary>
internal sealed class TimeDefaults(TimeSpan? messageOffset, TimeZoneInfo zone)
{
    /// <param name="messageTime">MSH-7.</param>
    /// <param name="profile">For its zone.</param>
    public static TimeDefaults Of(Hl7Element messageTime, FeedProfile profile) =>
        new(Dtm.TryRead(messageTime, out var time) ? time.Offset : null, profile.TimeZone);

    public TimeSpan OffsetAt(DateTime local) => messageOffset ?? zone.GetUtcOffset(local);
}
