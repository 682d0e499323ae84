using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>Puts events on disk. Everything that waits while one commit runs goes into the next block, so that the disk is waited for once for many requests.</summary>
/// <remarks>
/// With a spool an event may be answered as soon as it would outlive the process; its block follows within a fraction of a second, and is tried again until it is
/// written. Without one it may be answered when its block is on disk.
/// </remarks>
public sealed class AuditWriter : IAsyncDisposable
{
    private const int Segment = 4 * 1024 * 1024;
    private const int Segments = 256;
    private const int EventsInBlock = 5000;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly AuditChain chain;
    private readonly AuditSpool? spool;
    private readonly Lock one = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task commits;
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(byte[] Event, TaskCompletionSource Written)> queue = [];
    private List<TaskCompletionSource> flushes = [];
    private TaskCompletionSource hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> left;
    private AuditLeft? loading;
    private int isAwake;

    /// <summary>Starts the writer; dispose it to stop.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    /// <param name="spoolDirectory">Where events wait for their block; null: nowhere.</param>
    /// <exception cref="AuditUnavailableException">The spool cannot be opened.</exception>
    public AuditWriter(NpgsqlDataSource dataSource, string? spoolDirectory = null)
        : this(dataSource, spoolDirectory, Segment, Segments)
    {
    }

    /// <summary>The same with a spool of another size.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    /// <param name="spoolDirectory">Where events wait for their block; null: nowhere.</param>
    /// <param name="segment">The bytes of a file of the spool.</param>
    /// <param name="segments">How many such files there may be.</param>
    public AuditWriter(NpgsqlDataSource dataSource, string? spoolDirectory, int segment, int segments)
    {
        chain = new(dataSource);
        spool = spoolDirectory is null ? null : new AuditSpool(spoolDirectory, segment, segments);
        left = new(spool?.Left ?? []);
        commits = Task.Run(CommitAllAsync);
    }

    /// <summary>Is told of each file of an earlier process that could not be read in whole: its name, and how many events are lost; -1 for not known.</summary>
    public Action<string, long>? OnDamage { get; init; }

    /// <summary>Completes when the event is safe, and not before: what it tells of may be answered then.</summary>
    /// <exception cref="NpgsqlException">It is not known to be on disk.</exception>
    /// <exception cref="AuditUnavailableException">The spool cannot take it.</exception>
    public Task AppendAsync(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (spool is null)
        {
            return QueueAsync(record);
        }

        spool.Append(record);
        Wake();
        return Task.CompletedTask;
    }

    /// <summary>Completes when every event so far stands in a block.</summary>
    /// <exception cref="NpgsqlException">They are not known to.</exception>
    public async Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (one)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
            flushes.Add(done);
            hurry.TrySetResult();
        }

        Wake();
        await done.Task;
    }

    /// <summary>Completes when what earlier processes left in the spool was looked through.</summary>
    public Task LoadedAsync() => loaded.Task;

    /// <summary>Takes no further event, commits those that wait, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (one)
        {
            stopping.Cancel();
            hurry.TrySetResult();
        }

        wake.Release();
        await commits;
        spool?.Dispose();
        await chain.DisposeAsync();
        stopping.Dispose();
        wake.Dispose();
    }

    private async Task QueueAsync(AuditRecord record)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (one)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, this);
            queue.Add((AuditSpool.Encode(record), written));
        }

        Wake();
        await written.Task;
    }

    private void Wake()
    {
        if (Volatile.Read(ref isAwake) == 0 && Interlocked.Exchange(ref isAwake, 1) == 0)
        {
            wake.Release();
        }
    }

    private async Task CommitAllAsync()
    {
        if (spool is not null)
        {
            await CommitSpoolAsync(spool, []);
        }

        for (var isLast = false; !isLast;)
        {
            await wake.WaitAsync();
            if (spool is not null)
            {
                // Nobody waits for the block: the more events share it, the less each costs.
                await Task.WhenAny(hurry.Task, Task.Delay(Gathering));
            }

            Volatile.Write(ref isAwake, 0);
            List<TaskCompletionSource> waiting;
            lock (one)
            {
                isLast = stopping.IsCancellationRequested;
                (waiting, flushes) = (flushes, []);
                hurry = isLast ? hurry : new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await (spool is null ? CommitQueueAsync() : CommitSpoolAsync(spool, waiting));
            waiting.ForEach(flush => flush.TrySetResult());
        }
    }

    // What cannot be committed stays in the spool: for the next turn, or for the next start.
    private async Task CommitSpoolAsync(AuditSpool from, List<TaskCompletionSource> waiting)
    {
        var failure = await LoadLeftAsync();
        while (failure is null && from.Take() is { Count: > 0 } events)
        {
            if (events.Count > EventsInBlock)
            {
                events.RemoveRange(EventsInBlock, events.Count - EventsInBlock);
            }

            failure = await TryAsync(() => chain.AppendAsync(events));
            if (failure is null)
            {
                from.Forget(events);
            }
        }

        if (failure is not null)
        {
            waiting.ForEach(flush => flush.TrySetException(failure));
            await Task.Delay(Pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Wake();
        }
    }

    private async Task CommitQueueAsync()
    {
        while (true)
        {
            List<(byte[] Event, TaskCompletionSource Written)> taken;
            lock (one)
            {
                (taken, queue) = (queue, []);
            }

            if (taken.Count == 0)
            {
                return;
            }

            foreach (var part in taken.Chunk(EventsInBlock))
            {
                var failure = await TryAsync(() => chain.AppendAsync([.. part.Select(pending => (ReadOnlyMemory<byte>)pending.Event)]));
                foreach (var (_, written) in part)
                {
                    _ = failure is null ? written.TrySetResult() : written.TrySetException(failure);
                }
            }
        }
    }

    // An event whose block was written just before the process ended is written twice: better than never.
    private async Task<Exception?> LoadLeftAsync()
    {
        while (left.TryPeek(out var file))
        {
            loading ??= AuditLeft.Open(file);
            while (loading.Next(EventsInBlock) is { Length: > 0 } part)
            {
                if (await TryAsync(() => chain.AppendAsync(part)) is { } failure)
                {
                    return failure;
                }

                loading.Skip(part.Length);
            }

            if (loading.Lost != 0)
            {
                OnDamage?.Invoke(file, loading.Lost);
            }

            loading.Close();
            loading = null;
            left.Dequeue();
        }

        loaded.TrySetResult();
        return null;
    }

    private static async Task<Exception?> TryAsync(Func<Task> commit)
    {
        try
        {
            await commit();
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException or InvalidDataException)
        {
            return exception;
        }
    }
}
