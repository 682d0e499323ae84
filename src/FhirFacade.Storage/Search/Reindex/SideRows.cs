using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using Npgsql;

namespace FhirFacade.Storage.Search.Reindex;

/// <summary>The rows of the side tables that belong to some rows of a type: read to be compared, and written anew.</summary>
internal static class SideRows
{
    /// <summary>Of these rows, those whose side rows are not what they should be.</summary>
    public static async Task<HashSet<long>> DifferingAsync(NpgsqlConnection connection, string type, IReadOnlyCollection<IndexedRow> rows, CancellationToken cancellationToken)
    {
        var ranges = new HashSet<(long, IndexRange)>();
        var texts = new HashSet<(long, IndexText)>();
        var postings = new HashSet<(long, long)>();
        long[] rids = [.. rows.Select(row => row.Rid)];
        await EachAsync($"select rid, param, lo, hi, unit, unit_code, unit_name, tuple, key from {ResourceTables.RangesOf(type)} where rid = any($1)", reader =>
            ranges.Add((reader.GetInt64(0), new IndexRange(
                reader.GetInt32(1), reader.GetDouble(2), reader.GetDouble(3), Long(reader, 4), Long(reader, 5), Long(reader, 6), reader.IsDBNull(7) ? null : reader.GetInt32(7), Long(reader, 8)))));
        await EachAsync($"select rid, param, value from {ResourceTables.TextsOf(type)} where rid = any($1)", reader =>
            texts.Add((reader.GetInt64(0), new IndexText(reader.GetInt32(1), reader.GetString(2)))));
        if (Postings.Has(type))
        {
            await EachAsync($"select rid, term from {ResourceTables.PostingsOf(type)} where rid = any($1)", reader => postings.Add((reader.GetInt64(0), reader.GetInt64(1))));
        }

        ranges.SymmetricExceptWith(rows.SelectMany(row => row.Wanted.Ranges.Select(range => (row.Rid, range))));
        texts.SymmetricExceptWith(rows.SelectMany(row => row.Wanted.Texts.Select(text => (row.Rid, text))));
        postings.SymmetricExceptWith(rows.SelectMany(row => row.Wanted.Postings.Select(term => (row.Rid, term))));
        return [.. ranges.Select(item => item.Item1), .. texts.Select(item => item.Item1), .. postings.Select(item => item.Item1)];

        async Task EachAsync(string sql, Action<NpgsqlDataReader> add)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = rids } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                add(reader);
            }
        }
    }

    /// <summary>The statements that put the side rows as they should be.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Replace(string type, IReadOnlyCollection<IndexedRow> rows)
    {
        long[] rids = [.. rows.Select(row => row.Rid)];
        yield return Command($"delete from {ResourceTables.RangesOf(type)} where rid = any($1)", Array(rids));
        yield return Command($"delete from {ResourceTables.TextsOf(type)} where rid = any($1)", Array(rids));
        var ranges = rows.SelectMany(row => row.Wanted.Ranges.Select(range => (row.Rid, Range: range))).ToList();
        yield return Command(
            $"insert into {ResourceTables.RangesOf(type)} (rid, param, lo, hi, unit, unit_code, unit_name, tuple, key) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Array(ranges.Select(item => item.Rid)), Array(ranges.Select(item => item.Range.Parameter)), Array(ranges.Select(item => item.Range.Low)),
            Array(ranges.Select(item => item.Range.High)), Array(ranges.Select(item => item.Range.Unit)), Array(ranges.Select(item => item.Range.UnitCode)),
            Array(ranges.Select(item => item.Range.UnitName)), Array(ranges.Select(item => item.Range.Tuple)), Array(ranges.Select(item => item.Range.Key)));
        var texts = rows.SelectMany(row => row.Wanted.Texts.Select(text => (row.Rid, Text: text))).ToList();
        yield return Command(
            $"insert into {ResourceTables.TextsOf(type)} (rid, param, value) select * from unnest($1, $2, $3)",
            Array(texts.Select(item => item.Rid)), Array(texts.Select(item => item.Text.Parameter)), Array(texts.Select(item => item.Text.Value)));
        if (Postings.Has(type))
        {
            yield return Command($"delete from {ResourceTables.PostingsOf(type)} where rid = any($1)", Array(rids));
            var postings = rows.SelectMany(row => row.Wanted.Postings.Select(term => (row.Rid, Term: term, row.Wanted.DateLow))).ToList();
            yield return Command(
                $"insert into {ResourceTables.PostingsOf(type)} (term, date_lo, rid) select * from unnest($1, $2, $3)",
                Array(postings.Select(item => item.Term)), Array(postings.Select(item => item.DateLow.UtcDateTime)), Array(postings.Select(item => item.Rid)));
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private static long? Long(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
