using System.Data;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Resources;

/// <summary>Reads one resource. What the grant does not open is not found; the condition is part of the query. What it hides is taken out.</summary>
/// <param name="dataSource">Any will do; one of <see cref="DataSources.CreateForKeys"/> does half the work.</param>
public sealed class ResourceReader(NpgsqlDataSource dataSource)
{
    /// <summary>The current version: one round trip if it is there.</summary>
    public async ValueTask<ReadOutcome> ReadAsync(string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var read = GrantedRead.Of(grant, type);
        if (read.First is null)
        {
            return new ReadOutcome.NotFound();
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var command = read.First.ToCommand(connection, id))
        await using (var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                return Row(reader, type, id, read.Redaction);
            }
        }

        return await FurtherAsync(connection, read, type, id, grant, cancellationToken);
    }

    /// <summary>The same on a connection with a transaction under way.</summary>
    internal static async ValueTask<ReadOutcome> ReadAsync(NpgsqlConnection connection, string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        var read = GrantedRead.Of(grant, type);
        return read.First is null
            ? new ReadOutcome.NotFound()
            : await FirstAsync(read.First.ToCommand(connection, id), type, id, read.Redaction, cancellationToken) ?? await FurtherAsync(connection, read, type, id, grant, cancellationToken);
    }

    // What the first look does not find.
    private static async ValueTask<ReadOutcome> FurtherAsync(NpgsqlConnection connection, GrantedRead read, string type, string id, AccessGrant grant, CancellationToken cancellationToken) =>
        (read.Whole is { } whole ? await FirstAsync(whole.ToCommand(connection, id), type, id, read.Redaction, cancellationToken) : null)
            ?? await DeletionAsync(connection, type, id, grant, cancellationToken);

    /// <summary>A given version, current or earlier, judged by its own content.</summary>
    public async ValueTask<ReadOutcome> ReadVersionAsync(string type, string id, int version, AccessGrant grant, CancellationToken cancellationToken)
    {
        if (!ResourceTables.Has(type))
        {
            return new ReadOutcome.NotFound();
        }

        var sql = new SqlStatement().Sql("select t.version, t.last_updated, t.doc, t.patient from ").Table(type)
            .Sql(" t where t.id = ").Value(id).Sql(" and t.version = ").Value(version).Sql(" and ");
        GrantSql.AppendCurrent(sql, grant, type, Interactions.Read, "t");
        sql.Sql(" union all select h.version, h.last_updated, h.doc, h.patient from history h where h.type = ").Value(type)
            .Sql(" and h.id = ").Value(id).Sql(" and h.version = ").Value(version).Sql(" and ");
        GrantSql.AppendHistory(sql, grant, type, Interactions.Read, "h");
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return await FirstAsync(sql.ToCommand(connection), type, id, Redaction.Of(grant.Masked), cancellationToken) ?? new ReadOutcome.NotFound();
    }

    // Only the newest version tells that a resource is gone; one that exists out of the grant's sight is not found.
    private static async ValueTask<ReadOutcome> DeletionAsync(NpgsqlConnection connection, string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement()
            .Sql("select h.version, h.last_updated, null::json from (select * from history where type = ").Value(type).Sql(" and id = ").Value(id)
            .Sql(" order by version desc limit 1) h where h.deleted and not exists (select from ").Table(type).Sql(" where id = ").Value(id).Sql(") and ");
        GrantSql.AppendHistory(sql, grant, type, Interactions.Read, "h");
        return await FirstAsync(sql.ToCommand(connection), type, id, Redaction.Of(grant.Masked), cancellationToken) ?? new ReadOutcome.NotFound();
    }

    private static async ValueTask<ReadOutcome?> FirstAsync(NpgsqlCommand read, string type, string id, Redaction? redaction, CancellationToken cancellationToken)
    {
        await using var command = read;
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Row(reader, type, id, redaction) : null;
    }

    // The whole row is at hand: nothing here waits.
    private static ReadOutcome Row(NpgsqlDataReader reader, string type, string id, Redaction? redaction)
    {
        var version = reader.GetInt32(0);
        var lastUpdated = reader.GetFieldValue<DateTimeOffset>(1);
        if (reader.IsDBNull(2))
        {
            return new ReadOutcome.Gone(version, lastUpdated);
        }

        var doc = reader.GetFieldValue<byte[]>(2);
        return new ReadOutcome.Found(new(type, id, version, lastUpdated, redaction is null ? doc : redaction.Apply(doc))
        {
            PatientKey = reader.IsDBNull(3) ? null : reader.GetInt64(3),
        });
    }
}
