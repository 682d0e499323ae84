using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>When the event happened that a message tells of: what decides which of two messages is the newer one.</summary>
internal static class EventTime
{
    /// <summary>EVN-2, else MSH-7; a date alone says too little. Null if neither is a time, or if the feed counts by arrival.</summary>
    public static DateTimeOffset? Of(MessageScope scope)
    {
        if (!scope.Profile.IsOrderedByEvents)
        {
            return null;
        }

        return (scope.Message.First("EVN") is { } evn ? Read(evn[2], scope) : null) ?? Read(scope.Header[7], scope);
    }

    /// <summary>Practitioners, organisations and places are named in passing; only master files and bed states are about them.</summary>
    public static bool IsNamedInPassing(ResourceDraft draft, MessageWalk walk) =>
        draft.Type is "Practitioner" or "PractitionerRole" or "Organization" or "Location" or "Device" && walk.MessageCode != "MFN" && walk.Event != "A20";

    private static DateTimeOffset? Read(Hl7Element value, MessageScope scope) =>
        Dtm.TryRead(value, out var time) && time.Precision >= DtmPrecision.Minute ? time.ToMoment(scope.Time) : null;
}
