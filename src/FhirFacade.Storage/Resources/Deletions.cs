using System.Data;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Consents;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Versions that end a resource.</summary>
internal static class Deletions
{
    /// <summary>Moves current versions to history, and puts a deletion after each: one statement a type.</summary>
    /// <param name="connection">With the writer's transaction, which holds the rows.</param>
    /// <param name="rows">What is deleted, and when.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyCollection<(StoredRow Row, DateTimeOffset At)> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var ofType in rows.GroupBy(row => row.Row.Type, StringComparer.Ordinal))
        {
            batch.BatchCommands.Add(new(Sql(ofType.Key))
            {
                Parameters =
                {
                    new() { Value = ofType.Select(row => row.Row.Id).ToArray() },
                    new() { Value = ofType.Key },
                    new() { Value = ofType.Select(row => row.At.UtcDateTime).ToArray() },
                },
            });
        }

        foreach (var ofType in rows.GroupBy(row => row.Row.Type, StringComparer.Ordinal))
        {
            if (ConsentTable.Removal(ofType.Key, ofType.Select(row => row.Row.Id)) is { } removal)
            {
                batch.BatchCommands.Add(removal);
            }
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The deletion that a resource ended with, if the grant opens it; null otherwise.</summary>
    public static async Task<WriteOutcome.Deleted?> FindAsync(
        NpgsqlConnection connection, string type, string id, AccessGrant grant, Interactions needed, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql("select h.version, h.last_updated, h.patient from (select * from history where type = ").Value(type)
            .Sql(" and id = ").Value(id).Sql(" order by version desc limit 1) h where h.deleted and ");
        GrantSql.AppendHistory(sql, grant, type, needed, "h");
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var (version, at) = (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
        return new(version, at) { Deletion = new(type, id, version, at, default) { PatientKey = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetInt64(2) } };
    }

    private static string Sql(string type) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"""
        with gone as (select * from unnest($1::text[], $3::timestamptz[]) as g (id, at)),
        old as (delete from {ResourceTables.NameOf(type)} t using gone where t.id = gone.id returning t.*, gone.at),
        ranges as (delete from {ResourceTables.RangesOf(type)} where rid in (select rid from old)),
        texts as (delete from {ResourceTables.TextsOf(type)} where rid in (select rid from old)),
        contained_old as (delete from contained where container_type = $2 and container_rid in (select rid from old where present @> array[{Search.Index.ContainedIndex.Mark}]) returning rid),
        contained_ranges as (delete from contained_range where rid in (select rid from contained_old)),
        contained_texts as (delete from contained_text where rid in (select rid from contained_old)){Postings(type)}
        insert into history (type, id, version, last_updated, patient, terms, deleted, method, source, doc, date_lo, date_hi)
        select $2, id, version, last_updated, patient, terms, false, method, source, doc, date_lo, date_hi from old
        union all
        select $2, id, version + 1, at, patient, terms, true, 'DELETE', null, null, date_lo, date_hi from old
        """);

    private static string Postings(string type) => Search.Index.Postings.Has(type)
        ? $", postings as (delete from {ResourceTables.PostingsOf(type)} where rid in (select rid from old))"
        : "";
}
