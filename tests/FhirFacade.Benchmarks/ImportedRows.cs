using System.Globalization;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>The rows that an import has left in every table that it fills, as a binary COPY takes them.</summary>
/// <param name="Whole">A unit a table.</param>
/// <param name="ByCommit">A unit for each transaction, with the rows that it wrote.</param>
/// <param name="Observations">How many of the resources are Observations.</param>
internal sealed record ImportedRows(IReadOnlyList<ImportedRows.Unit> Whole, IReadOnlyList<ImportedRows.Unit> ByCommit, long Observations)
{
    /// <summary>What is written in one transaction.</summary>
    public sealed record Unit(List<(string Table, byte[] Rows)> Tables)
    {
        /// <summary>Their length.</summary>
        public long Bytes => Tables.Sum(table => (long)table.Rows.Length);
    }

    /// <summary>A number that is greater than that of every transaction so far.</summary>
    public static async Task<long> HorizonAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select pg_current_xact_id()::text::bigint");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Reads what transactions after the horizon have written, before anything else is written there.</summary>
    public static async Task<ImportedRows> ReadAsync(NpgsqlDataSource database, long horizon)
    {
        await using var connection = await database.OpenConnectionAsync();
        var whole = new List<Unit>();
        var byCommit = new SortedDictionary<long, Unit>();
        long observations = 0;
        foreach (var table in Tables())
        {
            // The hidden column says which transaction wrote a row.
            var writers = new List<(long Transaction, long Rows)>();
            await using (var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"select xmin::text::bigint, count(*) from {table} where xmin::text::bigint > {horizon} group by 1"), connection))
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                {
                    writers.Add((reader.GetInt64(0), reader.GetInt64(1)));
                }
            }
            if (writers.Count == 0)
            {
                continue;
            }
            whole.Add(new([(table, await CopyOutAsync(connection, Rows(table, $"> {horizon}")))]));
            foreach (var (transaction, _) in writers)
            {
                if (!byCommit.TryGetValue(transaction, out var unit))
                {
                    byCommit[transaction] = unit = new([]);
                }
                unit.Tables.Add((table, await CopyOutAsync(connection, Rows(table, $"= {transaction}"))));
            }
            observations += table == ResourceTables.NameOf("Observation") ? writers.Sum(writer => writer.Rows) : 0;
        }
        return new([.. whole.OrderByDescending(unit => unit.Bytes)], [.. byCommit.Values], observations);
    }

    private static IEnumerable<string> Tables() => ResourceTables.Types
        .SelectMany(type => new[] { ResourceTables.NameOf(type), ResourceTables.RangesOf(type), ResourceTables.TextsOf(type) }.Concat(Postings.Has(type) ? [ResourceTables.PostingsOf(type)] : []))
        .Append("index_text").Append("patient_key");

    private static string Rows(string table, FormattableString writers) => FormattableString.Invariant($"(select * from {table} where xmin::text::bigint {FormattableString.Invariant(writers)})");

    private static async Task<byte[]> CopyOutAsync(NpgsqlConnection connection, string source)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync($"copy {source} to stdout (format binary)");
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        await stream.DisposeAsync();
        return bytes.ToArray();
    }
}
