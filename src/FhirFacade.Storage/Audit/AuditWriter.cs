using System.Threading.Channels;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// Puts events on disk. Everything that waits while one commit runs goes into the next block, so that the disk is waited for once for many requests. Several
/// servers on one database take turns.
/// </summary>
public sealed class AuditWriter : IAsyncDisposable
{
    private const int EventsInBlock = 1000;
    private const int Waiting = 20_000;
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
    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly Task commits;
    private NpgsqlConnection? connection;

    /// <summary>Starts the writer; dispose it to stop.</summary>
    /// <param name="dataSource">From <see cref="Schema.DataSources"/>: its commits are durable.</param>
    public AuditWriter(NpgsqlDataSource dataSource)
    {
        this.dataSource = dataSource;
        commits = Task.Run(CommitAllAsync);
    }

    /// <summary>Completes when the event is durably on disk, and not before: what it tells of may be answered then.</summary>
    /// <exception cref="NpgsqlException">It is not known to be on disk.</exception>
    public async Task AppendAsync(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var pending = new Pending(record, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(pending);
        await pending.Written.Task;
    }

    /// <summary>Takes no further event, commits those that wait, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await commits;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task CommitAllAsync()
    {
        var block = new List<Pending>();
        while (await queue.Reader.WaitToReadAsync())
        {
            while (block.Count < EventsInBlock && queue.Reader.TryRead(out var pending))
            {
                block.Add(pending);
            }

            try
            {
                await CommitAsync(block);
                block.ForEach(pending => pending.Written.SetResult());
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                block.ForEach(pending => pending.Written.SetException(exception));
            }

            block.Clear();
        }
    }

    private async Task CommitAsync(List<Pending> block)
    {
        for (var isFresh = connection is null; ; isFresh = true)
        {
            try
            {
                connection ??= await dataSource.OpenConnectionAsync();
                await InsertAsync(connection, block.ConvertAll(pending => pending.Record));
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

    private sealed record Pending(AuditRecord Record, TaskCompletionSource Written);
}
