using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>
/// Takes whole blocks out of the trail once all their events are older than a time. The trail tells of it in an event of its own, and keeps the hash on which the
/// first block that remains goes on, so that it can be proven as before. The last block always remains, and what is younger than 30 days: the database sees to it.
/// </summary>
public sealed class AuditRetention(NpgsqlDataSource dataSource)
{
    private const string Old = """
        with old as (
          select id, hash from audit_block
          where id < coalesce((select min(id) from audit_block where coalesce(last_at, written_at) >= $1), (select max(id) from audit_block))
          order by id desc limit 1)
        select old.id, old.hash, (select sum(events) from audit_block b where b.id <= old.id)::bigint + coalesce((select max(events) from audit_removal), 0) from old
        """;

    /// <summary>Removes what is older; null if nothing is.</summary>
    /// <param name="before">Events from this time on remain.</param>
    /// <param name="by">Who does it, for the event.</param>
    /// <param name="cancellationToken">Ends it; either all of it is done or nothing.</param>
    public async Task<AuditRemoval?> RemoveAsync(DateTimeOffset before, string by, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (await FindAsync(connection, before, cancellationToken) is not { } removal)
        {
            return null;
        }

        // The event comes first: whatever happens then, nothing is gone of which nobody tells.
        await using (var chain = new AuditChain(dataSource))
        {
            await chain.AppendAsync([AuditSpool.Encode(new AuditRecord(
                AuditRecord.Microseconds(DateTimeOffset.UtcNow), "D", AuditKinds.Trail, 200, by, "fhirfacade", "", "", "", removal.Target, [], []))]);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("set local statement_timeout = 0"),
                new("insert into audit_removal (through, hash, events) values ($1, $2, $3)") { Parameters = { new() { Value = removal.Through }, new() { Value = removal.Hash }, new() { Value = removal.Events } } },
                new("delete from audit_event where block <= $1") { Parameters = { new() { Value = removal.Through } } },
                new("delete from audit_block where id <= $1") { Parameters = { new() { Value = removal.Through } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return removal;
    }

    private static async Task<AuditRemoval?> FindAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Old, connection) { Parameters = { new() { Value = before.UtcDateTime } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetInt64(2), reader.GetFieldValue<byte[]>(1)) : null;
    }
}
