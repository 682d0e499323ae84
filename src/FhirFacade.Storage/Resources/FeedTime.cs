namespace FhirFacade.Storage.Resources;

/// <summary>When an event spoke of an element.</summary>
/// <param name="At">Its place among the events.</param>
/// <param name="IsPresumed">It only presumed it: what any event said outright goes before.</param>
internal readonly record struct FeedTime(EventOrder At, bool IsPresumed)
{
    /// <summary>True if this one stands against the other; a message always against itself.</summary>
    public bool StandsAgainst(FeedTime other) => IsPresumed == other.IsPresumed ? At >= other.At : !IsPresumed;
}
