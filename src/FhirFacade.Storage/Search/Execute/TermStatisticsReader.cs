using System.Collections.Concurrent;
using System.Collections.Frozen;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Reads the statistics that the database gathers on the column <c>terms</c>, and keeps them for a while.</summary>
internal sealed class TermStatisticsReader(TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private const string Sql = """
        select c.reltuples::float8, s.most_common_elems::text::bigint[], s.most_common_elem_freqs
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = 'terms'
        where n.nspname = 'r' and c.relname = $1
        """;

    private readonly ConcurrentDictionary<string, (DateTimeOffset Read, TermStatistics Statistics)> known = new(StringComparer.Ordinal);

    /// <summary>What has been read of a type and is still fresh; else null.</summary>
    public TermStatistics? Known(string type) => known.TryGetValue(type, out var entry) && clock.GetUtcNow() - entry.Read < Fresh ? entry.Statistics : null;

    /// <summary>The same, read anew where it has to be.</summary>
    public async ValueTask<TermStatistics> OfAsync(string type, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Known(type) is { } fresh)
        {
            return fresh;
        }

        var now = clock.GetUtcNow();
        var statistics = await ReadAsync(type, connection, cancellationToken);
        known[type] = (now, statistics);
        return statistics;
    }

    private static async Task<TermStatistics> ReadAsync(string type, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new NpgsqlParameter { Value = type.ToLowerInvariant() } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || await reader.IsDBNullAsync(1, cancellationToken) || reader.GetDouble(0) <= 0)
        {
            return TermStatistics.Unknown;
        }

        var terms = reader.GetFieldValue<long[]>(1);
        // Three figures follow the frequencies: the least, the greatest, and that of null elements.
        var shares = reader.GetFieldValue<float[]>(2);
        var common = new Dictionary<long, float>(terms.Length);
        for (var i = 0; i < terms.Length && i < shares.Length; i++)
        {
            common[terms[i]] = shares[i];
        }

        return new TermStatistics(reader.GetDouble(0), common.ToFrozenDictionary(), common.Count == 0 ? 0 : common.Values.Min());
    }
}
