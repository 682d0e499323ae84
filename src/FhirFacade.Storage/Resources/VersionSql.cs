using System.Globalization;
using System.Text;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// The statement that writes new versions of one type: what they replace goes to history, the side tables follow, and the
/// count of rows written comes back, with the count of those replaced that contained something. Its parts that would do nothing are left out.
/// </summary>
/// <param name="Type">Resource type.</param>
/// <param name="Replaces">Some of the versions replace one.</param>
/// <param name="HasRanges">Some of them have rows for the side table of ranges: nine more parameters.</param>
/// <param name="HasTexts">Some of them have rows for the side table of texts: three more parameters.</param>
/// <param name="HasPostings">Some of them have rows for the table of postings: two more parameters.</param>
internal sealed record VersionSql(string Type, bool Replaces, bool HasRanges, bool HasTexts, bool HasPostings)
{
    /// <summary>The columns of a resource's row, all but its number.</summary>
    public const string Columns =
        "id, version, last_updated, ref_hash, patient, date_lo, date_hi, terms, present, content_hash, method, source, doc";

    // The terms of all rows come as one array, since an array of arrays of different lengths does not exist; each row takes its slice.
    private const string New = """
        with new as (
          select u.*, coalesce(($2::bigint[])[terms_from:terms_to], '{}') as terms, coalesce(($3::int[])[present_from:present_to], '{}') as present
          from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
            as u (id, version, replaces, last_updated, ref_hash, patient, date_lo, date_hi, terms_from, terms_to,
              present_from, present_to, content_hash, method, source, doc))
        """;

    public string Text => Build();

    private string Build()
    {
        var table = ResourceTables.NameOf(Type);
        var ranges = ResourceTables.RangesOf(Type);
        var texts = ResourceTables.TextsOf(Type);
        var sql = new StringBuilder(New);
        if (Replaces)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                , old as (
                  select t.* from {table} t join new on new.id = t.id and new.replaces = t.version order by t.id for update of t),
                kept as (
                  insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc, date_lo, date_hi)
                  select $1, id, version, last_updated, patient, terms, false, method, source, doc, date_lo, date_hi from old),
                updated as (
                  update {table} t set version = new.version, last_updated = new.last_updated, patient = new.patient,
                    date_lo = new.date_lo, date_hi = new.date_hi, terms = new.terms, present = new.present,
                    content_hash = new.content_hash, method = new.method, source = new.source, doc = new.doc
                  from new join old on old.id = new.id where t.rid = old.rid
                  returning t.rid, t.id),
                ranges_gone as (delete from {ranges} where rid in (select rid from updated)),
                texts_gone as (delete from {texts} where rid in (select rid from updated))
                """);
            if (Postings.Has(Type))
            {
                // What stays is left alone: a row cannot be removed and put back in one statement.
                sql.Append(CultureInfo.InvariantCulture, $"""
                    , postings_gone as (delete from {ResourceTables.PostingsOf(Type)} p using updated, new where p.rid = updated.rid and new.id = updated.id
                      and (p.date_lo <> new.date_lo or not p.term = any(new.terms)))
                    """);
            }
        }

        sql.Append(CultureInfo.InvariantCulture, $"""
            , created as (
              insert into {table} ({Columns})
              select {Columns} from new where replaces = 0
                and not exists (select from history h where h.type = $1 and h.id = new.id and h.version >= new.version)
              order by id
              on conflict (id) do nothing
              returning rid, id),
            written as (select rid, id from created {(Replaces ? "union all select rid, id from updated" : "")})
            """);
        var next = 20;
        if (HasRanges)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                , ranges_new as (
                  insert into {ranges} (rid, param, lo, hi, unit, unit_code, unit_name, tuple, key)
                  select written.rid, param, lo, hi, unit, unit_code, unit_name, tuple, key
                  from unnest({Parameters(next, 9)}) as x (id, param, lo, hi, unit, unit_code, unit_name, tuple, key) join written using (id))
                """);
            next += 9;
        }

        if (HasTexts)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                , texts_new as (
                  insert into {texts} (rid, param, value)
                  select written.rid, param, value from unnest({Parameters(next, 3)}) as x (id, param, value) join written using (id))
                """);
        }

        if (HasPostings)
        {
            next += HasTexts ? 3 : 0;
            sql.Append(CultureInfo.InvariantCulture, $"""
                , postings_new as (
                  insert into {ResourceTables.PostingsOf(Type)} (term, date_lo, rid)
                  select term, new.date_lo, written.rid from unnest({Parameters(next, 2)}) as x (id, term) join written using (id) join new using (id)
                  on conflict do nothing)
                """);
        }

        return sql.Append(Replaces
            ? string.Create(CultureInfo.InvariantCulture, $" select count(*), (select count(*) from old where present @> array[{Search.Index.ContainedIndex.Mark}]) from written")
            : " select count(*) from written").ToString();
    }

    private static string Parameters(int first, int count) =>
        string.Join(", ", Enumerable.Range(first, count).Select(number => "$" + number.ToString(CultureInfo.InvariantCulture)));
}
