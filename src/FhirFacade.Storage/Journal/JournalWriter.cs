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
    private readonly JournalInsert insert = new();
    private readonly Channel<PendingEntry> queue;
    private readonly Task commits;

    // Always the same one: a pool would hand out each in turn, and each would begin with cold caches.
    private NpgsqlConnection? connection;

    /// <summary>Starts the writer; dispose it to stop.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    /// <param name="signal">Raised when there are new messages to be processed.</param>
    /// <param name="options">Limits.</param>
    public JournalWriter(NpgsqlDataSource dataSource, JournalSignal signal, JournalWriterOptions? options = null)
    {
        this.dataSource = dataSource;
        this.signal = signal;
        this.options = options ?? new();
        queue = Channel.CreateBounded<PendingEntry>(new BoundedChannelOptions(this.options.Waiting) { SingleReader = true, AllowSynchronousContinuations = true });
        commits = Task.Factory.StartNew(CommitAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Completes when the message is durably on disk, and not before. Calls made one after the other keep their order.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be on disk nevertheless.</param>
    /// <exception cref="JournalUnavailableException">It is not known to be on disk.</exception>
    /// <remarks>What follows the receipt runs in turn with what follows the other receipts of the commit: it must not block.</remarks>
    public Task<JournalReceipt> AppendAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        var pending = new PendingEntry(entry);
        return queue.Writer.TryWrite(pending) ? pending.Receipt.WaitAsync(cancellationToken) : AppendWhenThereIsRoomAsync(pending, cancellationToken);
    }

    private async Task<JournalReceipt> AppendWhenThereIsRoomAsync(PendingEntry pending, CancellationToken cancellationToken)
    {
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
        connection?.Dispose();
    }

    // A thread of its own, which blocks: a commit is answered one switch of threads earlier than by a pool that is told to go on.
    private void CommitAll()
    {
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var batch = new List<PendingEntry>();
            var bytes = 0L;
            while (batch.Count < options.MessagesInCommit && bytes < options.BytesInCommit && queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
                bytes += pending.Entry.Bytes.Length;
            }

            Commit(batch);
            signal.Raise();

            // Who waits goes on elsewhere while the next commit runs; all of them in one turn, since each does little.
            ThreadPool.UnsafeQueueUserWorkItem(static batch => batch.ForEach(entry => entry.Answer()), batch, preferLocal: false);
        }
    }

    private void Commit(List<PendingEntry> batch)
    {
        var isFresh = connection is null;
        try
        {
            connection ??= dataSource.OpenConnection();
            insert.Execute(connection, batch);
        }
        catch (PostgresException refused) when (batch.Count > 1 && !refused.IsTransient)
        {
            // One of them is the reason; alone, each gets its own answer.
            foreach (var entry in batch.Where(entry => !entry.IsSettled))
            {
                Commit([entry]);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            connection?.Dispose();
            connection = null;
            var left = batch.FindAll(entry => !entry.IsSettled);
            if (!isFresh)
            {
                // It may have been cut long ago. What was committed nevertheless is found to be there.
                Commit(left);
                return;
            }

            left.ForEach(entry => entry.Fail(new JournalUnavailableException("the journal cannot be written", exception)));
        }
    }
}
