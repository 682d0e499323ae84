using System.Collections.Immutable;
using System.Text;

namespace FhirFacade.Translation;

/// <summary>What a site knows about a feed and its messages do not say.</summary>
/// <param name="TimeZone">Zone of times that have no offset, in a message whose MSH-7 has none either.</param>
/// <param name="DefaultAuthority">
/// Namespace (HD.1) or OID of the authority of identifiers that name none. Without it such an identifier gets no system, and
/// its resource id is taken within the sending facility.
/// </param>
public sealed record FeedProfile(TimeZoneInfo TimeZone, string? DefaultAuthority = null)
{
    /// <summary>UTC, no default authority.</summary>
    public static FeedProfile Default { get; } = new(TimeZoneInfo.Utc);

    /// <summary>Name of the feed, as its profile's file has it.</summary>
    public string Name { get; init; } = "default";

    /// <summary>What decides how the feed is translated, as a hash: tables, profile and all that it extends. Empty: none is recorded.</summary>
    public string Version { get; init; } = "";

    /// <summary>The character set of messages without MSH-18; null means valid UTF-8, else Latin-1.</summary>
    public Encoding? Charset { get; init; }

    /// <summary>The character set of every message, whatever its MSH-18 says; null means that MSH-18 is believed.</summary>
    public Encoding? CharsetAlways { get; init; }

    /// <summary>True to record, for each element made, the field it came from (<see cref="TranslationResult.Lineage"/>).</summary>
    public bool Lineage { get; init; }

    /// <summary>
    /// False if messages count in the order in which they come. Otherwise, element by element, the latest event counts (EVN-2, else MSH-7), however late
    /// its message comes.
    /// </summary>
    public bool IsOrderedByEvents { get; init; } = true;

    /// <summary>
    /// True if of two versions of a result the one of the later OBR-22 counts, and not that of the later message: for laboratories that send old
    /// results again and always fill OBR-22. Says nothing where messages count as they come.
    /// </summary>
    public bool IsResultOrderedByStatusTime { get; init; }

    /// <summary>
    /// Segments of which an ADT message always carries all that there are, of AL1, IAM, DG1, NK1 and IN1: what the patient (DG1: the visit) has
    /// from this feed and the message no longer carries is made inactive. Empty: such segments only add and change, by their action codes.
    /// </summary>
    public ImmutableArray<string> SnapshotSegments { get; init; } = [];

    /// <summary>How several values in one OBX-5 are kept. Text and arrays (TX, FT, NA) are one value in any case.</summary>
    public RepeatedValues RepeatedValues { get; init; }

    /// <summary>What a systolic and a diastolic pressure in two OBX become.</summary>
    public BloodPressure BloodPressure { get; init; }

    /// <summary>What becomes of reports whose text is cut into one OBX a line (OBX-2 TX or FT).</summary>
    public TextLines TextLines { get; init; }

    /// <summary>False if a result (ORU, OUL) makes no ServiceRequest of the order it answers. Orders always make one.</summary>
    public bool RequestsOfResults { get; init; } = true;

    /// <summary>False if two quotes in a field say nothing, as in an empty one, instead of deleting what is stored: for senders that fill every field with them.</summary>
    public bool QuotesDelete { get; init; } = true;

    /// <summary>True if PV1-45 or PV1-2 tell the status of a visit even where the event does (A03, A11, A13 ...): for senders whose events are not to be relied on.</summary>
    public bool EncounterStatusOfField { get; init; }

    /// <summary>True if an order's control code (ORC-1: new, cancel, hold ...) also makes a Task for whoever fills it.</summary>
    public bool TasksOfOrders { get; init; }

    /// <summary>False if CON makes no Consent: for senders whose consents are about something else than what their types say.</summary>
    public bool ConsentsOfMessages { get; init; } = true;

    /// <summary>True if SCH-25 tells the status of an appointment even where the event cancels, deletes or misses it.</summary>
    public bool AppointmentStatusOfField { get; init; }

    /// <summary>False to make each TX or FT segment of a document (MDM) an attachment of its own, instead of a line of one.</summary>
    public bool JoinDocumentLines { get; init; } = true;
}
