using System.Security.Cryptography;

namespace FhirFacade.Storage.Journal;

/// <summary>A message that waits for its commit, in the form in which it is stored.</summary>
internal sealed class PendingEntry(JournalEntry entry)
{
    // Key columns of an index take at most 2,704 bytes together; bytes that differ are told apart by the hash in any case.
    private const int KeyLength = 200;

    private readonly TaskCompletionSource<JournalReceipt> receipt = new();
    private JournalReceipt? kept;
    private Exception? failure;

    public JournalEntry Entry { get; } = entry;

    public string Sender { get; } = StorableText.Of(entry.Sender, KeyLength);

    public string ControlId { get; } = StorableText.Of(entry.ControlId, KeyLength);

    public byte[] Hash { get; } = SHA256.HashData(entry.Bytes.Span);

    public JournalState FirstState => Entry.Error is null ? JournalState.Received : JournalState.Failed;

    /// <summary>For who brought the message; completes with <see cref="Answer"/>.</summary>
    public Task<JournalReceipt> Receipt => receipt.Task;

    /// <summary>It is known what became of it.</summary>
    public bool IsSettled => kept is not null || failure is not null;

    public void Keep(JournalReceipt value) => kept = value;

    public void Fail(Exception exception) => failure = exception;

    /// <summary>Tells who waits, on this thread: what they do next is done before the call returns.</summary>
    public void Answer()
    {
        if (kept is not null)
        {
            receipt.TrySetResult(kept);
        }
        else
        {
            receipt.TrySetException(failure!);
        }
    }
}
