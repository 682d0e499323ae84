using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>The table <c>feed_times</c>: one statement to read the rows of many resources, one to write them.</summary>
internal static class FeedTimesTable
{
    /// <summary>What is known of each; no entry for a resource without a row.</summary>
    public static async Task<Dictionary<(string Type, string Id), string>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string Type, string Id)> wanted, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<(string, string), string>();
        if (wanted.Count == 0)
        {
            return rows;
        }

        await using var command = new NpgsqlCommand("select t.type, t.id, t.elements from unnest($1, $2) as u (type, id) join feed_times t using (type, id)", connection)
        {
            Parameters = { new() { Value = wanted.Select(w => w.Type).ToArray() }, new() { Value = wanted.Select(w => w.Id).ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1)), reader.GetString(2));
        }

        return rows;
    }

    /// <summary>Writes them in the order of type and id, so that two writers cannot wait for each other.</summary>
    public static async Task SaveAsync(
        NpgsqlConnection connection, IEnumerable<((string Type, string Id) Key, string Elements)> changed, CancellationToken cancellationToken)
    {
        var rows = changed.OrderBy(row => row.Key.Type, StringComparer.Ordinal).ThenBy(row => row.Key.Id, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            "insert into feed_times (type, id, elements) select * from unnest($1, $2, $3) on conflict (type, id) do update set elements = excluded.elements",
            connection)
        {
            Parameters =
            {
                new() { Value = rows.Select(row => row.Key.Type).ToArray() },
                new() { Value = rows.Select(row => row.Key.Id).ToArray() },
                new() { Value = rows.Select(row => row.Elements).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
