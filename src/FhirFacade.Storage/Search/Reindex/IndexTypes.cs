using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>By which definitions all rows of each type are indexed (table <c>index_type</c>).</summary>
internal static class IndexTypes
{
    public static async Task<Dictionary<string, long>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select type, definitions from index_type", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return known;
    }

    /// <summary>Notes that all rows of the types are indexed by what is built in now: since there are none.</summary>
    public static async Task RecordAsync(NpgsqlConnection connection, IEnumerable<string> types, CancellationToken cancellationToken)
    {
        var definitions = IndexDefinitions.Of(SiteParameters.BuiltIn);
        string[] named = [.. types];
        await using var command = new NpgsqlCommand(
            "insert into index_type (type, definitions) select * from unnest($1, $2) on conflict (type) do update set definitions = excluded.definitions", connection)
        {
            Parameters = { new() { Value = named }, new() { Value = named.Select(type => definitions[type]).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
