using FhirFacade.Storage.Search.Emit;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>Reads the trail, newest first.</summary>
public sealed class AuditReader(NpgsqlDataSource dataSource)
{
    private const int BlocksAtOnce = 8;

    /// <summary>The events that are wanted, at most <see cref="AuditQuery.Count"/>.</summary>
    /// <remarks>A patient, a user, an application, a time and a failure are looked up; an action, an interaction, a purpose and a resource are looked for in the blocks that may tell of them.</remarks>
    /// <exception cref="InvalidDataException">A block cannot be read: <c>audit verify</c> tells which.</exception>
    public async Task<IReadOnlyList<AuditRecord>> FindAsync(AuditQuery query, CancellationToken cancellationToken) => (await SearchAsync(query, cancellationToken)).Found;

    /// <summary>The same, with how many blocks were read.</summary>
    internal async Task<(IReadOnlyList<AuditRecord> Found, int Blocks)> SearchAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Patient is { } patient && !query.IsOfGranted(patient))
        {
            return ([], 0);
        }

        var read = 0;
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var keys = await KeysAsync(connection, query, cancellationToken);
        var found = new List<AuditRecord>();
        for (long? before = null; keys is not null && found.Count < query.Count;)
        {
            var blocks = await BlocksAsync(connection, query, keys, before, cancellationToken);
            foreach (var (id, data) in blocks)
            {
                read++;
                found.AddRange(AuditBlock.Records(id, data).Where(query.Includes).Reverse().Take(query.Count - found.Count));
            }

            if (blocks.Count < BlocksAtOnce)
            {
                break;
            }

            before = blocks[^1].Id;
        }

        if (found.Count < query.Count)
        {
            found.AddRange(await EarlierEvents.FindAsync(connection, query with { Count = query.Count - found.Count }, cancellationToken));
        }

        return (found, read);
    }

    // The keys that a block has to have; null if there is a patient of whom no block can tell.
    private static async Task<long[]?> KeysAsync(NpgsqlConnection connection, AuditQuery query, CancellationToken cancellationToken)
    {
        var patients = new[] { query.Patient, query.Granted }.OfType<string>().Distinct().ToArray();
        var keys = new List<long>();
        if (patients.Length > 0)
        {
            await using var command = new NpgsqlCommand("select key from patient_key where id = any($1)", connection) { Parameters = { new() { Value = patients } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                keys.Add(reader.GetInt64(0));
            }

            if (keys.Count < patients.Length)
            {
                return null;
            }
        }

        if (query.Agent is { } agent)
        {
            keys.Add(AuditBlockFacts.KeyOf(agent));
        }

        return [.. keys];
    }

    private static async Task<List<(long Id, byte[] Data)>> BlocksAsync(NpgsqlConnection connection, AuditQuery query, long[] keys, long? before, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql("select id, data from audit_block where data is not null");
        if (before is { } last)
        {
            sql.Sql(" and id < ").Value(last);
        }

        if (query.Place is { } place)
        {
            sql.Sql(" and id = ").Value(place.Block);
        }

        if (query.After is { } after)
        {
            sql.Sql(" and id <= ").Value(after.Block);
        }

        if (query.From is { } from)
        {
            sql.Sql(" and last_at >= ").Value(from);
        }

        if (query.Before is { } end)
        {
            sql.Sql(" and first_at < ").Value(end);
        }

        if (query.Failed is true)
        {
            sql.Sql(" and failures > 0");
        }

        if (keys.Length > 0)
        {
            sql.Sql(" and keys @> ").Value(keys);
        }

        foreach (var (one, two) in AuditFilter.In(query))
        {
            sql.Sql(" and audit_tells(told, ").Value(one).Sql(", ").Value(two).Sql(")");
        }

        sql.Sql(" order by id desc limit ").Value(BlocksAtOnce);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var blocks = new List<(long, byte[])>();
        while (await reader.ReadAsync(cancellationToken))
        {
            blocks.Add((reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return blocks;
    }
}
