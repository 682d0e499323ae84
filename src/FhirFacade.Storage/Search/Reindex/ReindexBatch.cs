using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>
/// Indexes the next rows of a type anew, inside the caller's transaction. A row that somebody writes meanwhile is left to its writer. Versions,
/// histories and resources are not touched.
/// </summary>
internal static class ReindexBatch
{
    /// <summary>How many rows were looked at, how many of them were not as they should be, and the last of them; none where there are no more.</summary>
    public static async Task<(int Done, int Changed, long LastRid)> RunAsync(
        NpgsqlConnection connection, string type, long after, long last, int count, CancellationToken cancellationToken)
    {
        var rows = await IndexedRow.ReadAsync(connection, type, after, last, count, cancellationToken);
        if (rows.Count == 0)
        {
            return (0, 0, last);
        }

        var differing = await SideRows.DifferingAsync(connection, type, rows, cancellationToken);
        differing.UnionWith(await ContainedRows.DifferingAsync(connection, type, rows, cancellationToken));
        var changed = rows.Where(row => !row.IsCurrent || differing.Contains(row.Rid)).ToList();
        var unwritten = await LockAsync(connection, type, changed, cancellationToken);
        await WriteAsync(connection, type, rows, [.. changed.Where(row => unwritten.Contains((row.Rid, row.Version)))], cancellationToken);
        return (rows.Count, changed.Count, rows[^1].Rid);
    }

    // In the order in which writers lock them, so that two transactions cannot wait for each other.
    private static async Task<HashSet<(long, int)>> LockAsync(NpgsqlConnection connection, string type, List<IndexedRow> rows, CancellationToken cancellationToken)
    {
        var found = new HashSet<(long, int)>();
        if (rows.Count == 0)
        {
            return found;
        }

        await using var command = new NpgsqlCommand($"select rid, version from {ResourceTables.NameOf(type)} where rid = any($1) order by id for no key update", connection)
        {
            Parameters = { new() { Value = rows.Select(row => row.Rid).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetInt64(0), reader.GetInt32(1)));
        }

        return found;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string type, List<IndexedRow> rows, List<IndexedRow> changed, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (IndexTexts.Command(rows.Select(row => row.Wanted)) is { } texts)
        {
            batch.BatchCommands.Add(texts);
        }

        foreach (var row in changed)
        {
            batch.BatchCommands.Add(new($"update {ResourceTables.NameOf(type)} set terms = $2, present = $3, date_lo = $4, date_hi = $5 where rid = $1")
            {
                Parameters =
                {
                    new() { Value = row.Rid },
                    new() { Value = row.Wanted.Terms.ToArray() },
                    new() { Value = row.Wanted.Present.ToArray() },
                    new() { Value = row.Wanted.DateLow.UtcDateTime },
                    new() { Value = (object?)row.Wanted.DateHigh?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz },
                },
            });
        }

        foreach (var command in changed.Count == 0 ? [] : SideRows.Replace(type, changed).Concat(ContainedRows.Replace(type, changed)))
        {
            batch.BatchCommands.Add(command);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
