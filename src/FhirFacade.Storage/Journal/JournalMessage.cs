namespace FhirFacade.Storage.Journal;

/// <summary>A message that a worker has in hand.</summary>
/// <param name="Id">Its journal row.</param>
/// <param name="Sender">As it was journalled.</param>
/// <param name="ControlId">MSH-10.</param>
/// <param name="MessageType">MSH-9 as code^event.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="Bytes">Every byte of the message.</param>
/// <param name="Attempts">How often it was finished before (stored or failed, then replayed).</param>
/// <param name="CorrelationId">Names the arrival in traces and logs.</param>
public sealed record JournalMessage(
    long Id,
    string Sender,
    string ControlId,
    string MessageType,
    DateTimeOffset ReceivedAt,
    ReadOnlyMemory<byte> Bytes,
    int Attempts,
    string CorrelationId)
{
    /// <summary>Where it came in.</summary>
    public string Listener { get; init; } = "";
}
