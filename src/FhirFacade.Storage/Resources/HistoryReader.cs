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
    /// <param name="since">Only versions from this instant on.</param>
    /// <param name="count">At most this many entries.</param>
    /// <param name="after">The end of the page before.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    public ValueTask<HistoryPage> InstanceAsync(
        string type, string id, AccessGrant grant, DateTimeOffset? since, int count, HistoryCursor? after, CancellationToken cancellationToken) =>
        PageAsync(type, id, grant, Interactions.Read, since, count, after, cancellationToken);

    /// <summary>The history of a type, like <see cref="InstanceAsync"/>; needs search.</summary>
    public ValueTask<HistoryPage> TypeAsync(
        string type, AccessGrant grant, DateTimeOffset? since, int count, HistoryCursor? after, CancellationToken cancellationToken) =>
        PageAsync(type, null, grant, Interactions.Search, since, count, after, cancellationToken);

    private async ValueTask<HistoryPage> PageAsync(
        string type, string? id, AccessGrant grant, Interactions needed, DateTimeOffset? since, int count, HistoryCursor? after, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!ResourceTables.Has(type))
        {
            return new([], null);
        }

        // Of one resource the later version is the later one in time, too; its key is found by version.
        var order = id is null ? " order by last_updated desc, id desc, version desc limit " : " order by version desc limit ";
        var sql = new SqlStatement().Sql("(select x.id, x.version, x.last_updated, x.method, x.doc from ").Table(type).Sql(" x where ");
        Conditions(sql, id, since, after);
        GrantSql.AppendCurrent(sql, grant, type, needed, "x");

        // Both halves end at the limit by themselves, so that a page costs the same however long the history is.
        sql.Sql(order).Value(count + 1)
            .Sql(") union all (select x.id, x.version, x.last_updated, x.method, x.doc from history x where x.type = ").Value(type).Sql(" and ");
        Conditions(sql, id, since, after);
        GrantSql.AppendHistory(sql, grant, type, needed, "x");
        sql.Sql(order).Value(count + 1).Sql(")").Sql(order).Value(count + 1);

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = ImmutableArray.CreateBuilder<HistoryEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new(
                type,
                reader.GetString(0),
                reader.GetInt32(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetString(3),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetFieldValue<byte[]>(4)));
        }

        if (entries.Count <= count)
        {
            return new(entries.ToImmutable(), null);
        }

        entries.RemoveAt(count);
        var last = entries[^1];
        return new(entries.ToImmutable(), new(last.LastUpdated, last.Id, last.Version));
    }

    private static void Conditions(SqlStatement sql, string? id, DateTimeOffset? since, HistoryCursor? after)
    {
        if (id is not null)
        {
            sql.Sql("x.id = ").Value(id).Sql(" and ");
        }

        if (since is { } start)
        {
            sql.Sql("x.last_updated >= ").Value(start).Sql(" and ");
        }

        if (after is not null)
        {
            sql.Sql("x.last_updated <= ").Value(after.LastUpdated).Sql(" and (x.last_updated, x.id, x.version) < (").Value(after.LastUpdated)
                .Sql(", ").Value(after.Id).Sql(", ").Value(after.Version).Sql(") and ");
        }
    }
}
