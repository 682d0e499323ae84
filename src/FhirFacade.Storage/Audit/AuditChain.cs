using System.Security.Cryptography;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>Puts blocks at the end of the trail. Several servers on one database take turns.</summary>
internal sealed class AuditChain(NpgsqlDataSource dataSource) : IAsyncDisposable
{
    private const long Turn = 0x4668_4175_6469_7400;

    private const string Sql = """
        with head as (select id, hash from audit_block order by id desc limit 1)
        insert into audit_block (id, events, digest, hash, data, marks, keys, failures, first_at, last_at, told)
        select coalesce(h.id, 0) + 1, $1, $2, sha256(coalesce(h.hash, ''::bytea) || $2), $3, $4, $5, $6, $7, $8, $9 from (select) one left join head h on true
        """;

    private readonly AuditPatients patients = new();
    private NpgsqlConnection? connection;

    /// <summary>The hash of a block after another; of the first block after nothing.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> before, ReadOnlySpan<byte> digest) => SHA256.HashData([.. before, .. digest]);

    /// <summary>Completes when the events are on disk, in a block of their own.</summary>
    /// <exception cref="NpgsqlException">They are not known to be.</exception>
    public async Task AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        for (var isFresh = connection is null; ; isFresh = true)
        {
            try
            {
                connection ??= await dataSource.OpenConnectionAsync();
                await InsertAsync(connection, AuditBlock.Of(events, await patients.OfAsync(connection, events)));
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException)
            {
                await DisposeAsync();

                // It may have been cut long ago. Events that were committed nevertheless are written twice: better than never.
                if (isFresh || exception is PostgresException { IsTransient: false })
                {
                    throw;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        connection = null;
    }

    // One implicit transaction: the lock is held until the block is on disk, and the head is read after it was taken.
    private static async Task InsertAsync(NpgsqlConnection connection, AuditBlock block)
    {
        var facts = block.Facts;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("select pg_advisory_xact_lock($1)") { Parameters = { new() { Value = Turn } } });
        batch.BatchCommands.Add(new(Sql)
        {
            Parameters =
            {
                new() { Value = facts.Events },
                new() { Value = block.Digest },
                new() { Value = block.Data },
                new() { Value = block.Marks },
                new() { Value = facts.Keys.ToArray() },
                new() { Value = facts.Failures },
                new() { Value = facts.First.UtcDateTime },
                new() { Value = facts.Last.UtcDateTime },
                new() { Value = block.Told },
            },
        });
        await batch.ExecuteNonQueryAsync();
    }
}
