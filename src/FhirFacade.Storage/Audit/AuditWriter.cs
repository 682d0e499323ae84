using System.Threading.Channels;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// Puts events on disk. Everything that waits while one commit runs goes into the next block, so that the disk is waited for once for many requests. Several
/// servers on one database take turns.
/// </summary>
/// <remarks>
/// With a spool an event may be answered as soon as it would outlive the process; its block follows within a fraction of a second, and is tried again until it is
/// written. Without one it may be answered when its block is on disk.
/// </remarks>
public sealed class AuditWriter : IAsyncDisposable
{
    private const int EventsInBlock = 1000;
    private const int Waiting = 20_000;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const long ChainLock = 0x4668_4175_6469_7400;

    private const string Block = """
        with head as (select id, hash from audit_block order by id desc limit 1),
        block as (insert into audit_block (id, events, digest, hash)
          select coalesce(h.id, 0) + 1, $1, $2, sha256(coalesce(h.hash, ''::bytea) || $2) from (select) one left join head h on true returning id)
        insert into audit_event (block, number, at, action, kind, status, subject, client, address, purpose, correlation, target, entities, patients)
        select block.id, e.number, e.at, e.action, e.kind, e.status, e.subject, e.client, e.address, e.purpose, e.correlation, e.target, e.entities, string_to_array(e.patients, ' ')
        from block, unnest($3::timestamptz[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
          with ordinality as e (at, action, kind, status, subject, client, address, purpose, correlation, target, entities, patients, number)
        """;

    private readonly NpgsqlDataSource dataSource;
    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>();
    private readonly AuditSpool? spool;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task commits;
    private NpgsqlConnection? connection;

    /// <summary>Starts the writer; dispose it to stop.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    /// <param name="spoolDirectory">Where events wait for their block; null: nowhere.</param>
    public AuditWriter(NpgsqlDataSource dataSource, string? spoolDirectory = null)
    {
        this.dataSource = dataSource;
        spool = spoolDirectory is null ? null : new AuditSpool(spoolDirectory);
        commits = Task.Run(CommitAllAsync);
    }

    /// <summary>Completes when the event is safe, and not before: what it tells of may be answered then.</summary>
    /// <exception cref="NpgsqlException">It is not known to be on disk.</exception>
    /// <exception cref="IOException">The spool cannot be written.</exception>
    public async Task AppendAsync(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (spool is not null)
        {
            while (queue.Reader.Count >= Waiting)
            {
                await Task.Delay(Gathering);
            }

            spool.Append(record, number => queue.Writer.TryWrite(new Pending(record, null, number)));
            return;
        }

        var pending = new Pending(record, new(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await queue.Writer.WriteAsync(pending);
        await pending.Written!.Task;
    }

    /// <summary>Completes when every event so far stands in a block.</summary>
    public async Task FlushAsync()
    {
        var marker = new Pending(null, new(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await queue.Writer.WriteAsync(marker);
        await marker.Written!.Task;
    }

    /// <summary>Takes no further event, commits those that wait, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        await commits;
        spool?.Dispose();
        stopping.Dispose();
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task CommitAllAsync()
    {
        await LoadLeftAsync();
        var block = new List<Pending>();
        while (await queue.Reader.WaitToReadAsync())
        {
            if (spool is not null && !stopping.IsCancellationRequested && queue.Reader.Count < EventsInBlock)
            {
                // Nobody waits for the block: the more events share it, the less each costs.
                await Task.Delay(Gathering, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            while (block.Count < EventsInBlock && queue.Reader.TryRead(out var pending))
            {
                block.Add(pending);
            }

            await EndAsync(block);
            block.Clear();
        }
    }

    private async Task EndAsync(List<Pending> block)
    {
        while (true)
        {
            try
            {
                await CommitAsync(block.Select(pending => pending.Record).OfType<AuditRecord>().ToList());
                spool?.Forget(block.Max(pending => pending.Number));
                block.ForEach(pending => pending.Written?.SetResult());
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                block.ForEach(pending => pending.Written?.TrySetException(exception));
                block.RemoveAll(pending => pending.Record is null);
                if (spool is null || block.Count == 0 || stopping.IsCancellationRequested)
                {
                    return;     // what is in the spool is left for the next start
                }

                await Task.Delay(Pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // An event whose block was written just before the process ended is written twice: better than never.
    private async Task LoadLeftAsync()
    {
        foreach (var file in spool?.Left ?? [])
        {
            try
            {
                foreach (var part in AuditSpool.Read(file).Chunk(EventsInBlock))
                {
                    await CommitAsync([.. part]);
                }

                File.Delete(file);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException or System.Text.Json.JsonException)
            {
                return;     // the file stays for the next start
            }
        }
    }

    private async Task CommitAsync(List<AuditRecord> block)
    {
        if (block.Count == 0)
        {
            return;
        }

        for (var isFresh = connection is null; ; isFresh = true)
        {
            try
            {
                connection ??= await dataSource.OpenConnectionAsync();
                await InsertAsync(connection, block);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
            {
                if (connection is not null)
                {
                    await connection.DisposeAsync();
                }

                connection = null;

                // It may have been cut long ago. An event that was committed nevertheless is written twice: better than never.
                if (isFresh || exception is PostgresException { IsTransient: false })
                {
                    throw;
                }
            }
        }
    }

    // One implicit transaction: the lock is held until the block is on disk, and the head is read after it was taken.
    private static async Task InsertAsync(NpgsqlConnection connection, List<AuditRecord> events)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = ChainLock } } });
        batch.BatchCommands.Add(new(Block)
        {
            Parameters =
            {
                new() { Value = events.Count },
                new() { Value = AuditDigest.Of(events) },
                new() { Value = events.Select(e => e.At.UtcDateTime).ToArray() },
                Texts(e => e.Action),
                Texts(e => e.Kind),
                new() { Value = events.Select(e => e.Status).ToArray() },
                Texts(e => e.Subject),
                Texts(e => e.Client),
                Texts(e => e.Address),
                Texts(e => e.Purpose),
                Texts(e => e.Correlation),
                Texts(e => e.Target),
                Texts(e => string.Join(' ', e.Entities)),
                Texts(e => string.Join(' ', e.Patients)),
            },
        });
        await batch.ExecuteNonQueryAsync();

        NpgsqlParameter Texts(Func<AuditRecord, string> field) => new() { Value = events.Select(field).ToArray() };
    }

    private sealed record Pending(AuditRecord? Record, TaskCompletionSource? Written, long Number);
}
