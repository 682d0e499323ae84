using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Reads versions and deletions, newest first; each is judged by its own content.</summary>
public sealed class HistoryReader(NpgsqlDataSource dataSource)
{
    /// <summary>The history of one resource; empty if the grant opens none of it.</summary>
    /// <param name="type">Resource type.</param>
    /// <param name="id">Logical id.</param>
    /// <param name="grant">Needs read.</param>
    /// <param name="range">Which versions.</param>
    /// <param name="count">At most this many entries.</param>
    /// <param name="after">The end of the page before.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public ValueTask<HistoryPage> InstanceAsync(
        string type, string id, AccessGrant grant, HistoryRange range, int count, HistoryCursor? after, CancellationToken cancellationToken) =>
        PageAsync([type], id, grant, Interactions.Read, range, count, after, cancellationToken);

    /// <summary>The history of a type, like <see cref="InstanceAsync"/>; needs search.</summary>
    public ValueTask<HistoryPage> TypeAsync(
        string type, AccessGrant grant, HistoryRange range, int count, HistoryCursor? after, CancellationToken cancellationToken) =>
        PageAsync([type], null, grant, Interactions.Search, range, count, after, cancellationToken);

    /// <summary>The history of all types that the grant opens for searching.</summary>
    public ValueTask<HistoryPage> SystemAsync(AccessGrant grant, HistoryRange range, int count, HistoryCursor? after, CancellationToken cancellationToken) =>
        PageAsync([.. ResourceTables.Types.Order(StringComparer.Ordinal)], null, grant, Interactions.Search, range, count, after, cancellationToken);

    private async ValueTask<HistoryPage> PageAsync(
        IReadOnlyList<string> types, string? id, AccessGrant grant, Interactions needed, HistoryRange range, int count, HistoryCursor? after, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        // Of one resource the later version is the later one in time, too; its key is found by version.
        var order = id is null ? " order by last_updated desc, id desc, version desc" : " order by version desc";
        var limit = order + " limit ";
        var sql = new SqlStatement();
        var tables = 0;
        foreach (var type in types.Where(type => ResourceTables.Has(type) && grant.For(type, needed, Enforcement.All) is not TypeAccess.Denied))
        {
            sql.Sql(tables++ > 0 ? " union all (select " : "(select ").Value(type).Sql("::text collate \"C\" as type, x.id, x.version, x.last_updated, x.method, x.doc, x.patient from ").Table(type).Sql(" x where ");
            Conditions(sql, type, id, range, after, isCurrent: true);
            GrantSql.AppendCurrent(sql, grant, type, needed, "x");

            // Both halves end at the limit by themselves, so that a page costs the same however long the history is.
            sql.Sql(limit).Value(count + 1)
                .Sql(") union all (select x.type, x.id, x.version, x.last_updated, x.method, x.doc, x.patient from history x where x.type = ").Value(type).Sql(" and ");
            Conditions(sql, type, id, range, after, isCurrent: false);
            GrantSql.AppendHistory(sql, grant, type, needed, "x");
            sql.Sql(limit).Value(count + 1).Sql(")");
        }

        return tables == 0 ? new([], null) : await ReadAsync(sql.Sql(order + ", type desc limit ").Value(count + 1), count, Redaction.Of(grant.Masked), cancellationToken);
    }

    private async Task<HistoryPage> ReadAsync(SqlStatement sql, int count, Redaction? redaction, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ReadOnlyMemory<byte>? doc = await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetFieldValue<byte[]>(5);
            entries.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetInt32(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4),
                doc is { } whole && redaction is not null ? redaction.Apply(whole) : doc)
            {
                PatientKey = await reader.IsDBNullAsync(6, cancellationToken) ? null : reader.GetInt64(6),
            });
        }

        if (entries.Count <= count)
        {
            return new(entries.ToImmutable(), null);
        }

        entries.RemoveAt(count);
        var last = entries[^1];
        return new(entries.ToImmutable(), new(last.LastUpdated, last.Id, last.Version, last.Type));
    }

    private static void Conditions(SqlStatement sql, string type, string? id, HistoryRange range, HistoryCursor? after, bool isCurrent)
    {
        if (id is not null)
        {
            sql.Sql("x.id = ").Value(id).Sql(" and ");
        }

        if (range.Since is { } start)
        {
            sql.Sql("x.last_updated >= ").Value(start).Sql(" and ");
        }

        if (range.Before is { } end)
        {
            sql.Sql("x.last_updated < ").Value(end).Sql(" and ");
        }

        // A version was current until the next one came.
        if (range.CurrentFrom is { } from && !isCurrent)
        {
            sql.Sql("not exists (select from history n where n.type = ").Value(type).Sql(" and n.id = x.id and n.version > x.version and n.last_updated <= ").Value(from)
                .Sql(") and not exists (select from ").Table(type).Sql(" n where n.id = x.id and n.last_updated <= ").Value(from).Sql(") and ");
        }

        if (after is not null)
        {
            sql.Sql("x.last_updated <= ").Value(after.LastUpdated).Sql(" and (x.last_updated, x.id, x.version, ").Value(type).Sql("::text collate \"C\") < (").Value(after.LastUpdated)
                .Sql(", ").Value(after.Id).Sql(", ").Value(after.Version).Sql(", ").Value(after.Type).Sql("::text) and ");
        }
    }
}
