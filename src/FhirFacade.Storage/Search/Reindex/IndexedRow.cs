using System.Text.Json;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>A stored row: what the index holds of it, and what it should hold.</summary>
/// <param name="Rid">The row.</param>
/// <param name="Version">The version that was read.</param>
/// <param name="Wanted">What the index should hold.</param>
/// <param name="IsCurrent">Whether the row's own columns hold it.</param>
internal sealed record IndexedRow(long Rid, int Version, IndexRow Wanted, bool IsCurrent)
{
    /// <summary>The next rows in the order in which they were first stored. They are not locked.</summary>
    public static async Task<List<IndexedRow>> ReadAsync(NpgsqlConnection connection, string type, long after, long last, int count, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select rid, id, version, doc, terms, present, date_lo, date_hi from {ResourceTables.NameOf(type)} where rid > $1 and rid <= $2 order by rid limit $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = last }, new() { Value = count } },
        };
        var rows = new List<IndexedRow>(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var wanted = IndexRow.From(type, reader.GetString(1), JsonElement.Parse(reader.GetFieldValue<byte[]>(3)));
            var isCurrent = wanted.Terms.AsSpan().SequenceEqual(reader.GetFieldValue<long[]>(4))
                && wanted.Present.AsSpan().SequenceEqual(reader.GetFieldValue<int[]>(5))
                && Microseconds(wanted.DateLow.UtcDateTime) == Microseconds(reader.GetDateTime(6))
                && Microseconds(wanted.DateHigh?.UtcDateTime) == Microseconds(await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetDateTime(7));
            rows.Add(new(reader.GetInt64(0), reader.GetInt32(2), wanted, isCurrent));
        }

        return rows;
    }

    // As the database keeps them.
    private static long? Microseconds(DateTime? time) => time?.Ticks / TimeSpan.TicksPerMicrosecond;
}
