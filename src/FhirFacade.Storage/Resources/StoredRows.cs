using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Loads what is stored of many resources: one statement a type, one round trip for all.</summary>
internal static class StoredRows
{
    /// <summary>A row for each that was asked for, whether it exists or not. Nothing is locked.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="wanted">Types, ids, and whether the document is needed; each once.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public static async Task<Dictionary<(string Type, string Id), StoredRow>> LoadAsync(
        NpgsqlConnection connection, IEnumerable<(string Type, string Id, bool WithDoc)> wanted, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var types = new List<string>();
        foreach (var ofType in wanted.GroupBy(row => row.Type, StringComparer.Ordinal))
        {
            types.Add(ofType.Key);
            batch.BatchCommands.Add(new(Sql(ofType.Key))
            {
                Parameters =
                {
                    new() { Value = ofType.Select(row => row.Id).ToArray() },
                    new() { Value = ofType.Select(row => row.WithDoc).ToArray() },
                    new() { Value = ofType.Key },
                },
            });
        }

        var rows = new Dictionary<(string, string), StoredRow>();
        if (types.Count == 0)
        {
            return rows;
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var type in types)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = Row(type, reader);
                rows.Add((type, row.Id), row);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return rows;
    }

    private static StoredRow Row(string type, NpgsqlDataReader reader) => new(
        type,
        reader.GetString(0),
        reader.GetBoolean(1),
        reader.IsDBNull(2) ? 0 : reader.GetInt32(2),
        reader.IsDBNull(3) ? DateTimeOffset.MinValue : reader.GetFieldValue<DateTimeOffset>(3),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4),
        reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5));

    private static string Sql(string type) => $"""
        select u.id, t.id is not null, coalesce(t.version, h.version), coalesce(t.last_updated, h.last_updated),
               t.content_hash, case when u.with_doc then t.doc end
        from unnest($1, $2) as u (id, with_doc)
        left join {ResourceTables.NameOf(type)} t on t.id = u.id
        left join lateral (
          select version, last_updated from history
          where type = $3 and id = u.id and t.id is null order by version desc limit 1) h on true
        """;
}
