using System.Threading.Channels;
using Npgsql;

namespace FhirFacade.Storage.Journal;

/// <summary>
/// Puts messages on disk. Everything that waits while one commit runs goes into the next, whichever connection it came from,
/// so that the disk is waited for once for many messages. One commit at a time: ids follow arrival.
/// </summary>
public sealed class JournalWriter : IAsyncDisposable
{
    private readonly NpgsqlDataSource dataSource;
    private readonly JournalSignal signal;
    private readonly JournalWriterOptions options;
    private readonly Channel<PendingEntry> queue;
    private readonly Task commits;

    /// <summary>Starts the writer; dispose it to stop.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    /// <param name="signal">Raised when there are new messages to be processed.</param>
    /// <param name="options">Limits.</param>
    public JournalWriter(NpgsqlDataSource dataSource, JournalSignal signal, JournalWriterOptions? options = null)
    {
        this.dataSource = dataSource;
        this.signal = signal;
        this.options = options ?? new();
        queue = Channel.CreateBounded<PendingEntry>(new BoundedChannelOptions(this.options.Waiting) { SingleReader = true });
        commits = Task.Run(CommitAllAsync);
    }

    /// <summary>Completes when the message is durably on disk, and not before. Calls made one after the other keep their order.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be on disk nevertheless.</param>
    /// <exception cref="JournalUnavailableException">It is not known to be on disk.</exception>
    public async Task<JournalReceipt> AppendAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        var pending = new PendingEntry(entry);
        try
        {
            await queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new JournalUnavailableException("the journal is closed", exception);
        }

        return await pending.Receipt.WaitAsync(cancellationToken);
    }

    /// <summary>Takes no further message, commits those that wait, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await commits;
    }

    private async Task CommitAllAsync()
    {
        var batch = new List<PendingEntry>();
        while (await queue.Reader.WaitToReadAsync())
        {
            var bytes = 0L;
            while (batch.Count < options.MessagesInCommit && bytes < options.BytesInCommit && queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
                bytes += pending.Entry.Bytes.Length;
            }

            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<PendingEntry> batch)
    {
        try
        {
            await using (var connection = await dataSource.OpenConnectionAsync())
            {
                await JournalInsert.ExecuteAsync(connection, batch);
            }

            signal.Raise();
        }
        catch (PostgresException refused) when (batch.Count > 1 && !refused.IsTransient)
        {
            // One of them is the reason; alone, each gets its own answer.
            foreach (var entry in batch.Where(entry => !entry.Receipt.IsCompleted))
            {
                await CommitAsync([entry]);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            foreach (var entry in batch)
            {
                entry.Fail(new JournalUnavailableException("the journal cannot be written", exception));
            }
        }
    }
}
