using System.Collections.Immutable;

namespace FhirFacade.Storage.Journal;

/// <summary>A message as it arrived.</summary>
/// <param name="Sender">Who sent it (application and facility, or the listener); part of what makes a duplicate.</param>
/// <param name="ControlId">MSH-10, or empty.</param>
/// <param name="MessageType">MSH-9 as code^event ("ADT^A01"), or empty.</param>
/// <param name="ReceivedAt">When the last byte was there.</param>
/// <param name="Bytes">Every byte of the message, without its frame. It must not change before the receipt.</param>
/// <param name="Lanes">From <see cref="Journal.Lanes.For"/>; messages that share one are processed in order of arrival.</param>
/// <param name="CorrelationId">Names the arrival in traces and logs.</param>
/// <param name="Error">Set if the message is known to be unreadable: it is kept as failed and no worker touches it.</param>
public sealed record JournalEntry(
    string Sender,
    string ControlId,
    string MessageType,
    DateTimeOffset ReceivedAt,
    ReadOnlyMemory<byte> Bytes,
    ImmutableArray<short> Lanes,
    string CorrelationId,
    JournalError? Error = null)
{
    /// <summary>Where it came in ("mllp:2575").</summary>
    public string Listener { get; init; } = "";
}
