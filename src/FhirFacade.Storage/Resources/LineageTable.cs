using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Writes the lineage of new versions, in the transaction that makes them.</summary>
internal static class LineageTable
{
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(string Type, string Id, int Version, ResourceLineage Lineage)> versions, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
        {
            return;
        }

        var shapes = versions.Select(v => v.Lineage.Elements).Distinct(StringComparer.Ordinal).ToDictionary(e => e, e => versions.First(v => v.Lineage.Elements == e).Lineage.Shape, StringComparer.Ordinal);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("insert into lineage_shape (id, elements) select id, elements from unnest($1, $2) as u (id, elements) order by id on conflict do nothing")
                {
                    Parameters = { new() { Value = shapes.Values.ToArray() }, new() { Value = shapes.Keys.ToArray() } },
                },
                new("insert into lineage (type, id, version, shape, segments) select * from unnest($1, $2, $3, $4, $5) on conflict do nothing")
                {
                    Parameters =
                    {
                        new() { Value = versions.Select(v => v.Type).ToArray() },
                        new() { Value = versions.Select(v => v.Id).ToArray() },
                        new() { Value = versions.Select(v => v.Version).ToArray() },
                        new() { Value = versions.Select(v => shapes[v.Lineage.Elements]).ToArray() },
                        new() { Value = versions.Select(v => v.Lineage.Segments).ToArray() },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
