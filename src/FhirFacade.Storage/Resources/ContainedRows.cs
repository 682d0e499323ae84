using System.Globalization;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Reindex;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// The rows of contained resources follow those of their containers, in the same transaction. Where nothing is contained, and nothing was, there is no statement.
/// </summary>
internal static class ContainedRows
{
    /// <summary>Writes what versions contain that have just been written.</summary>
    /// <param name="connection">With the writer's transaction.</param>
    /// <param name="versions">All of them.</param>
    /// <param name="replaces">Whether some of them replaced a version that contained something.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<NewVersion> versions, bool replaces, CancellationToken cancellationToken)
    {
        if (!replaces && versions.All(version => version.Index.Contained.IsEmpty))
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var ofType in versions.GroupBy(version => version.Type, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string[] replaced = replaces ? [.. ofType.Where(version => version.Replaces > 0).Select(version => version.Id)] : [];
            if (replaced.Length > 0)
            {
                batch.BatchCommands.Add(Delete(ofType.Key, "id", replaced));
            }

            var contained = ofType.SelectMany(version => version.Index.Contained.Select((one, place) => (version.Id, place, one))).ToList();
            if (contained.Count > 0)
            {
                batch.BatchCommands.Add(Insert(ofType.Key, "id", contained));
            }
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Of these rows of a type, those whose contained resources are not indexed as they should be.</summary>
    public static async Task<HashSet<long>> DifferingAsync(NpgsqlConnection connection, string type, IReadOnlyCollection<IndexedRow> rows, CancellationToken cancellationToken)
    {
        var found = new HashSet<(long Rid, long Place, long Content)>();
        await using (var command = new NpgsqlCommand("select container_rid, place, content from contained where container_type = $1 and container_rid = any($2)", connection)
        {
            Parameters = { new() { Value = type }, Array(rows.Select(row => row.Rid)) },
        })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
            }
        }

        found.SymmetricExceptWith(rows.SelectMany(row => row.Wanted.Contained.Select((one, place) => (row.Rid, (row.Rid * ContainedIndex.Most) + place, one.Content))));
        return [.. found.Select(one => one.Rid)];
    }

    /// <summary>The statements that put them as they should be.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Replace(string type, IReadOnlyCollection<IndexedRow> rows)
    {
        yield return Delete(type, "rid", rows.Select(row => row.Rid));
        var contained = rows.SelectMany(row => row.Wanted.Contained.Select((one, place) => (row.Rid, place, one))).ToList();
        if (contained.Count > 0)
        {
            yield return Insert(type, "rid", contained);
        }
    }

    // The column says by what the containers are named.
    private static NpgsqlBatchCommand Delete<T>(string type, string column, IEnumerable<T> containers) => new($"""
        with old as (
          delete from contained c using {ResourceTables.NameOf(type)} t where t.{column} = any($2) and c.container_type = $1 and c.container_rid = t.rid returning c.rid),
        ranges as (delete from contained_range where rid in (select rid from old))
        delete from contained_text where rid in (select rid from old)
        """)
    {
        Parameters = { new() { Value = type }, Array(containers) },
    };

    private static NpgsqlBatchCommand Insert<T>(string type, string column, List<(T Container, int Place, ContainedIndex Resource)> contained)
    {
        var terms = Ends(contained, one => one.Terms.Length);
        var present = Ends(contained, one => one.Present.Length);
        var ranges = contained.SelectMany((one, n) => one.Resource.Index.Ranges.Select(range => (n, Range: range))).ToList();
        var texts = contained.SelectMany((one, n) => one.Resource.Index.Texts.Select(text => (n, Text: text))).ToList();
        return new(string.Create(CultureInfo.InvariantCulture, $"""
            with new as materialized (
              select nextval(pg_get_serial_sequence('contained', 'rid')) as rid, t.rid as container_rid, x.*
              from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as x (n, container, place, type, id, date_lo, date_hi, terms_from, terms_to, present_from, present_to, content)
              join {ResourceTables.NameOf(type)} t on t.{column} = x.container),
            kinds as (
              insert into contained_in (type, container_type)
              select distinct type, $1 from new where not exists (select from contained_in k where k.type = new.type and k.container_type = $1) order by type
              on conflict do nothing),
            ranges as (
              insert into contained_range (rid, param, lo, hi, unit, unit_code, unit_name, tuple, key)
              select new.rid, param, lo, hi, unit, unit_code, unit_name, tuple, key
              from unnest($16, $17, $18, $19, $20, $21, $22, $23, $24) as r (n, param, lo, hi, unit, unit_code, unit_name, tuple, key) join new using (n)),
            texts as (
              insert into contained_text (rid, param, value)
              select new.rid, param, value from unnest($25, $26, $27) as w (n, param, value) join new using (n))
            insert into contained (rid, type, container_type, container_rid, place, id, date_lo, date_hi, terms, present, content)
            select rid, type, $1, container_rid, container_rid * {ContainedIndex.Most} + place, id, date_lo, date_hi,
              coalesce(($14::bigint[])[terms_from:terms_to], '{"{}"}'), coalesce(($15::int[])[present_from:present_to], '{"{}"}'), content
            from new
            """))
        {
            Parameters =
            {
                new() { Value = type },
                Array(contained.Select((_, n) => n)),
                Array(contained.Select(one => one.Container)),
                Array(contained.Select(one => one.Place)),
                Array(contained.Select(one => one.Resource.Type)),
                Array(contained.Select(one => one.Resource.Id)),
                Array(contained.Select(one => one.Resource.Index.DateLow.UtcDateTime)),
                // Not DateTime?: an absent one beside a present one would count as two kinds of time.
                Array(contained.Select(one => one.Resource.Index.DateHigh?.ToUniversalTime())),
                Array(terms.Select((end, n) => n == 0 ? 1 : terms[n - 1] + 1)),
                Array(terms),
                Array(present.Select((end, n) => n == 0 ? 1 : present[n - 1] + 1)),
                Array(present),
                Array(contained.Select(one => one.Resource.Content)),
                Array(contained.SelectMany(one => one.Resource.Index.Terms)),
                Array(contained.SelectMany(one => one.Resource.Index.Present)),
                Array(ranges.Select(item => item.n)),
                Array(ranges.Select(item => item.Range.Parameter)),
                Array(ranges.Select(item => item.Range.Low)),
                Array(ranges.Select(item => item.Range.High)),
                Array(ranges.Select(item => item.Range.Unit)),
                Array(ranges.Select(item => item.Range.UnitCode)),
                Array(ranges.Select(item => item.Range.UnitName)),
                Array(ranges.Select(item => item.Range.Tuple)),
                Array(ranges.Select(item => item.Range.Key)),
                Array(texts.Select(item => item.n)),
                Array(texts.Select(item => item.Text.Parameter)),
                Array(texts.Select(item => item.Text.Value)),
            },
        };
    }

    // Where each one's values end in the array that holds those of all; SQL counts from 1.
    private static int[] Ends<T>(List<(T Container, int Place, ContainedIndex Resource)> contained, Func<IndexRow, int> length)
    {
        var end = 0;
        return [.. contained.Select(one => end += length(one.Resource.Index))];
    }

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };
}
