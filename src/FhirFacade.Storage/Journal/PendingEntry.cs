using System.Security.Cryptography;

namespace FhirFacade.Storage.Journal;

/// <summary>A message that waits for its commit, in the form in which it is stored.</summary>
internal sealed class PendingEntry(JournalEntry entry)
{
    // Key columns of an index take at most 2,704 bytes together; bytes that differ are told apart by the hash in any case.
    private const int KeyLength = 200;

    private readonly TaskCompletionSource<JournalReceipt> receipt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalEntry Entry { get; } = entry;

    public string Sender { get; } = StorableText.Of(entry.Sender, KeyLength);

    public string ControlId { get; } = StorableText.Of(entry.ControlId, KeyLength);

    public byte[] Hash { get; } = SHA256.HashData(entry.Bytes.Span);

    public JournalState FirstState => Entry.Error is null ? JournalState.Received : JournalState.Failed;

    public Task<JournalReceipt> Receipt => receipt.Task;

    public void Complete(JournalReceipt value) => receipt.TrySetResult(value);

    public void Fail(Exception exception) => receipt.TrySetException(exception);
}
