namespace FhirFacade.Storage.Resources;

/// <summary>
/// A place in the order of events: by the time of the event, and of two at the same time by the journal rows of their messages. The row stays the
/// same when a message is processed again, so that it meets what it said before and not what came after.
/// </summary>
/// <param name="Milliseconds">Since 1970, UTC.</param>
/// <param name="Message">The journal row.</param>
internal readonly record struct EventOrder(long Milliseconds, long Message) : IComparable<EventOrder>
{
    public static bool operator <(EventOrder a, EventOrder b) => a.CompareTo(b) < 0;

    public static bool operator >(EventOrder a, EventOrder b) => a.CompareTo(b) > 0;

    public static bool operator <=(EventOrder a, EventOrder b) => a.CompareTo(b) <= 0;

    public static bool operator >=(EventOrder a, EventOrder b) => a.CompareTo(b) >= 0;

    /// <summary>Of a change; null if it has no time.</summary>
    public static EventOrder? Of(ResourceChange change, long message) =>
        change.Time is { } time ? new(time.ToUnixTimeMilliseconds(), message) : null;

    public int CompareTo(EventOrder other) =>
        Milliseconds != other.Milliseconds ? Milliseconds.CompareTo(other.Milliseconds) : Message.CompareTo(other.Message);
}
