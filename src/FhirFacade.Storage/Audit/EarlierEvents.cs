using FhirFacade.Storage.Search.Emit;
using Npgsql;

namespace FhirFacade.Storage.Audit;

/// <summary>Events that have rows of their own, as version 0.1 wrote them. Their blocks come before all others.</summary>
internal static class EarlierEvents
{
    private const string Columns = "block, number, at, action, kind, status, subject, client, address, purpose, correlation, target, entities, patients";

    /// <summary>The events that are wanted, at most <see cref="AuditQuery.Count"/>.</summary>
    public static async Task<List<AuditRecord>> FindAsync(NpgsqlConnection connection, AuditQuery query, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql($"select {Columns} from audit_event where true");
        Add(query.Place is { } place ? (place.Block, place.Number) : null, " and (block, number) = ");
        Add(query.After is { } after ? (after.Block, after.Number) : null, " and (block, number) < ");
        if (query.From is { } from)
        {
            sql.Sql(" and at >= ").Value(from);
        }

        if (query.Before is { } before)
        {
            sql.Sql(" and at < ").Value(before);
        }

        foreach (var patient in new[] { query.Patient, query.Granted }.OfType<string>())
        {
            sql.Sql(" and patients @> array[").Value(patient).Sql("::text collate \"C\"]");
        }

        if (query.Agent is { } agent)
        {
            sql.Sql(" and (subject = ").Value(agent).Sql(" or client = ").Value(agent).Sql(")");
        }

        Equal("action", query.Action);
        Equal("kind", query.Kind);
        Equal("purpose", query.Purpose);
        if (query.Entity is { } entity)
        {
            sql.Sql(" and position(").Value($" {entity}/_history/").Sql("::text in ' ' || entities) > 0").Sql(query.IsOfGranted(entity) ? "" : " and cardinality(patients) <= 1");
        }

        if (query.Failed is { } failed)
        {
            sql.Sql(failed ? " and status >= 400" : " and status < 400");
        }

        if (query.DisclosuresOnly)
        {
            sql.Sql(" and action in ('R', 'E') and status < 400 and entities <> ''");
        }

        sql.Sql(" order by block desc, number desc limit ").Value(query.Count);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<AuditRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(Read(reader));
        }

        return found;

        void Equal(string column, string? value)
        {
            if (value is not null)
            {
                sql.Sql($" and {column} = ").Value(value);
            }
        }

        void Add((long Block, int Number)? at, string condition)
        {
            if (at is { } p)
            {
                sql.Sql(condition + "(").Value(p.Block).Sql(", ").Value(p.Number).Sql(")");
            }
        }
    }

    /// <summary>All events of some blocks, in their order.</summary>
    public static async Task<List<AuditRecord>> OfBlocksAsync(NpgsqlConnection connection, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {Columns} from audit_event where block between $1 and $2 order by block, number", connection) { Parameters = { new() { Value = from }, new() { Value = to } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<AuditRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Read(reader));
        }

        return events;
    }

    private static AuditRecord Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10),
        row.GetString(11), row.GetString(12).Split(' ', StringSplitOptions.RemoveEmptyEntries), row.GetFieldValue<string[]>(13))
    {
        Place = (row.GetInt64(0), row.GetInt32(1)),
    };
}
