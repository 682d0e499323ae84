using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
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
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!ResourceTables.Has(type) || grant.For(type, needed) is var access && access is TypeAccess.Denied)
        {
            return new([], null);
        }

        await using var command = dataSource.CreateCommand();
        command.CommandText = Sql(type, id, access, since, count, after, command.Parameters);
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

    // Both halves end at the limit by themselves, so that a page costs the same however long the history is.
    private static string Sql(
        string type, string? id, TypeAccess access, DateTimeOffset? since, int count, HistoryCursor? after, NpgsqlParameterCollection parameters)
    {
        string Add(object value)
        {
            parameters.Add(new() { Value = value });
            return $"${parameters.Count}";
        }

        var typeName = Add(type);
        var limit = Add(count + 1);
        var conditions = new List<string>();
        if (id is not null)
        {
            conditions.Add($"x.id = {Add(id)}");
        }

        if (since is { } start)
        {
            conditions.Add($"x.last_updated >= {Add(start.ToUniversalTime())}");
        }

        if (after is not null)
        {
            var time = Add(after.LastUpdated.ToUniversalTime());
            conditions.Add($"x.last_updated <= {time} and (x.last_updated, x.id, x.version) < ({time}, {Add(after.Id)}, {Add(after.Version)})");
        }

        conditions.Add(VisibleRows.Condition(access, type, "x", parameters));
        var where = string.Join(" and ", conditions);
        // Of one resource the later version is the later one in time, too; its key is found by version.
        var order = id is null ? "order by last_updated desc, id desc, version desc" : "order by version desc";
        return $"""
            (select x.id, x.version, x.last_updated, x.method, x.doc from {ResourceTables.NameOf(type)} x where {where} {order} limit {limit})
            union all
            (select x.id, x.version, x.last_updated, x.method, x.doc from history x where x.type = {typeName} and {where} {order} limit {limit})
            {order} limit {limit}
            """;
    }
}
