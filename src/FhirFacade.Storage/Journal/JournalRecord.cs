using System.Collections.Immutable;

namespace FhirFacade.Storage.Journal;

/// <summary>A row of the journal, as an operator sees it.</summary>
/// <param name="Id">The row; ids grow with arrival.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="ControlId">MSH-10.</param>
/// <param name="MessageType">MSH-9 as code^event.</param>
/// <param name="CorrelationId">Names the arrival in traces and logs.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="State">What has become of it.</param>
/// <param name="DuplicateOf">The first arrival, if this is a duplicate.</param>
/// <param name="Attempts">How often it was finished.</param>
/// <param name="FinishedAt">When it was last stored or failed.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
/// <param name="Unmapped">Coordinates of populated fields that no mapping used.</param>
/// <param name="Warnings">What was not as it should be.</param>
/// <param name="Size">Length of the message in bytes.</param>
public sealed record JournalRecord(
    long Id,
    string Sender,
    string ControlId,
    string MessageType,
    string CorrelationId,
    DateTimeOffset ReceivedAt,
    JournalState State,
    long? DuplicateOf,
    int Attempts,
    DateTimeOffset? FinishedAt,
    JournalError? Error,
    ImmutableArray<string> Unmapped,
    ImmutableArray<JournalWarning> Warnings,
    int Size)
{
    /// <summary>Where it came in; empty for messages of before that was noted.</summary>
    public string Listener { get; init; } = "";

    /// <summary>Name and version of the feed profile with which it was last translated; null if it was not.</summary>
    public string? Feed { get; init; }
}
