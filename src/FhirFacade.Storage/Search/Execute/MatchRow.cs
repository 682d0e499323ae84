using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>A match, and where it stands in the order of its page.</summary>
/// <param name="Resource">The match.</param>
/// <param name="Rid">The number of its row among those of its plan.</param>
/// <param name="Keys">Its sort keys.</param>
/// <param name="Plan">The name of the plan that found it.</param>
internal sealed record MatchRow(StoredResource Resource, long Rid, ImmutableArray<string> Keys, string Plan)
{
    private const int FirstKey = 6;

    public static async Task<List<MatchRow>> ReadAsync(NpgsqlConnection connection, SqlStatement sql, SearchPlan plan, CancellationToken cancellationToken)
    {
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var redaction = Redaction.Of(plan.Grant.Masked);
        var rows = new List<MatchRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Read(reader, plan, redaction));
        }

        return rows;
    }

    /// <summary>The row that a page statement has returned.</summary>
    public static MatchRow Read(NpgsqlDataReader reader, SearchPlan plan, Redaction? redaction) => new(
        plan.Contained is null ? ReadResource(reader, plan.Type, redaction) : ReadContained(reader, plan, redaction),
        reader.GetInt64(5), [.. plan.Order.Select((order, i) => Key(reader, order.Column, FirstKey + i))], plan.Name);

    // Out of what the client may see of the container.
    private static StoredResource ReadContained(NpgsqlDataReader reader, SearchPlan plan, Redaction? redaction)
    {
        var container = ReadResource(reader, plan.Type, redaction);
        var (type, id) = (reader.GetString(FirstKey + plan.Order.Length), reader.GetString(FirstKey + plan.Order.Length + 1));
        return container with { Type = type, Id = id, Doc = ContainedContent.Of(container.Doc, type, id), Container = container };
    }

    /// <summary>The columns id, version, last_updated, doc and patient, doc without what is masked.</summary>
    public static StoredResource ReadResource(NpgsqlDataReader reader, string type, Redaction? redaction)
    {
        var doc = reader.GetFieldValue<byte[]>(3);
        return new StoredResource(type, reader.GetString(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), redaction is null ? doc : redaction.Apply(doc))
        {
            PatientKey = reader.IsDBNull(4) ? null : reader.GetInt64(4),
        };
    }

    private static string Key(NpgsqlDataReader reader, SortColumn column, int ordinal) => column switch
    {
        SortColumn.Id or SortColumn.Text or SortColumn.Computed => reader.GetString(ordinal),
        SortColumn.Range => reader.GetDouble(ordinal).ToString("R", CultureInfo.InvariantCulture),
        _ => reader.GetDateTime(ordinal).Ticks.ToString(CultureInfo.InvariantCulture),
    };
}
