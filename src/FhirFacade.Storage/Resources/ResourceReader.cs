using System.Data;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Reads one resource. What the grant does not open is not found; the condition is part of the query.</summary>
public sealed class ResourceReader(NpgsqlDataSource dataSource)
{
    /// <summary>The current version: one round trip if it is there.</summary>
    public async ValueTask<ReadOutcome> ReadAsync(string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (!ResourceTables.Has(type) || grant.For(type, Interactions.Read) is var access && access is TypeAccess.Denied)
        {
            return new ReadOutcome.NotFound();
        }

        await using (var command = dataSource.CreateCommand())
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            command.CommandText = $"select t.version, t.last_updated, t.doc from {ResourceTables.NameOf(type)} t "
                + $"where t.id = $1 and {VisibleRows.Condition(access, type, "t", command.Parameters)}";
            if (await FirstAsync(command, type, id, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return await DeletionAsync(type, id, access, cancellationToken);
    }

    /// <summary>A given version, current or earlier, judged by its own content.</summary>
    public async ValueTask<ReadOutcome> ReadVersionAsync(string type, string id, int version, AccessGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (!ResourceTables.Has(type) || grant.For(type, Interactions.Read) is var access && access is TypeAccess.Denied)
        {
            return new ReadOutcome.NotFound();
        }

        await using var command = dataSource.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = version });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = type });
        command.CommandText = $"""
            select t.version, t.last_updated, t.doc from {ResourceTables.NameOf(type)} t
            where t.id = $1 and t.version = $2 and {VisibleRows.Condition(access, type, "t", command.Parameters)}
            union all
            select h.version, h.last_updated, h.doc from history h
            where h.type = $3 and h.id = $1 and h.version = $2 and {VisibleRows.Condition(access, type, "h", command.Parameters)}
            """;
        return await FirstAsync(command, type, id, cancellationToken) ?? new ReadOutcome.NotFound();
    }

    // Only the newest version tells that a resource is gone; one that exists out of the grant's sight is not found.
    private async ValueTask<ReadOutcome> DeletionAsync(string type, string id, TypeAccess access, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = type });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.CommandText = $"""
            select h.version, h.last_updated, null::json
            from (select * from history where type = $1 and id = $2 order by version desc limit 1) h
            where h.deleted and {VisibleRows.Condition(access, type, "h", command.Parameters)}
              and not exists (select from {ResourceTables.NameOf(type)} where id = $2)
            """;
        return await FirstAsync(command, type, id, cancellationToken) ?? new ReadOutcome.NotFound();
    }

    private static async ValueTask<ReadOutcome?> FirstAsync(NpgsqlCommand command, string type, string id, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var version = reader.GetInt32(0);
        var lastUpdated = reader.GetFieldValue<DateTimeOffset>(1);
        return await reader.IsDBNullAsync(2, cancellationToken)
            ? new ReadOutcome.Gone(version, lastUpdated)
            : new ReadOutcome.Found(new(type, id, version, lastUpdated, reader.GetFieldValue<byte[]>(2)));
    }
}
