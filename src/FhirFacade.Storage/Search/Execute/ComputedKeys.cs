using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>
/// Pages in an order that no column has: by code, reference or uri. All matches are gone through, up to a bound; of each only
/// its keys are kept, and the resources of the page are fetched in the end, by the same condition as before.
/// </summary>
internal static class ComputedKeys
{
    /// <summary>Whether the plan needs this.</summary>
    public static bool Needs(SearchPlan plan) => plan.Order.Any(order => order.Column == SortColumn.Computed);

    /// <summary>The rows of the page and one more, in the direction of reading; null if there are more matches than can be sorted.</summary>
    public static async Task<List<MatchRow>?> FetchAsync(NpgsqlConnection connection, SearchPlan plan, AccessPath path, CancellationToken cancellationToken)
    {
        var all = await KeysAsync(connection, plan, path.IsShort ? path : new AccessPath.All(), cancellationToken);
        if (all.Count > SearchLimits.MaxSorted)
        {
            return null;
        }

        all.Sort((left, right) => KeyOrder.Compare(plan, left, plan, right));
        if (plan.From is { } from)
        {
            var cursor = new MatchRow(new Resources.StoredResource(plan.Type, "", 0, default, default), from.Rid, from.Keys, plan.Name);
            all.RemoveAll(row => from.Backward ? KeyOrder.Compare(plan, row, plan, cursor) >= 0 : KeyOrder.Compare(plan, row, plan, cursor) <= 0);
            if (from.Backward)
            {
                all.Reverse();
            }
        }

        return await ResourcesAsync(connection, plan, [.. all.Take(plan.Count + 1)], cancellationToken);
    }

    private static async Task<List<MatchRow>> KeysAsync(NpgsqlConnection connection, SearchPlan plan, AccessPath path, CancellationToken cancellationToken)
    {
        await using var command = PageSql.Of(plan with { From = null, Count = SearchLimits.MaxSorted }, path).ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var redaction = Redaction.Of(plan.Grant.Masked);
        var rows = new List<MatchRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = MatchRow.Read(reader, plan, redaction);
            rows.Add(row with
            {
                Keys = Fill(plan, row),
                Resource = row.Resource with { Doc = default },
            });
        }

        return rows;
    }

    private static async Task<List<MatchRow>> ResourcesAsync(NpgsqlConnection connection, SearchPlan plan, ImmutableArray<MatchRow> rows, CancellationToken cancellationToken)
    {
        var sql = new SqlStatement().Sql("select a.id, a.version, a.last_updated, a.doc, a.patient, a.rid from ").Table(plan.Type)
            .Sql(" a where a.rid = any(").Value(rows.Select(row => row.Rid)).Sql(") and ");
        PredicateSql.Append(sql, plan.Match, "a", plan.Type, TermAccess.Filter);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var redaction = Redaction.Of(plan.Grant.Masked);
        var found = new Dictionary<long, Resources.StoredResource>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetInt64(5)] = MatchRow.ReadResource(reader, plan.Type, redaction);
        }

        return [.. rows.Where(row => found.ContainsKey(row.Rid)).Select(row => row with { Resource = found[row.Rid] })];
    }

    private static ImmutableArray<string> Fill(SearchPlan plan, MatchRow row)
    {
        using var document = JsonDocument.Parse(row.Resource.Doc);
        return [.. plan.Order.Select((order, i) => order.Column == SortColumn.Computed ? Key(plan.Type, order, document.RootElement) : row.Keys[i])];
    }

    private static string Key(string type, SortOrder order, JsonElement resource)
    {
        var texts = SearchIndexer.Extract(type, order.Code, resource).Select(Text).Where(text => text.Length > 0).Order(StringComparer.Ordinal);
        return (order.Descending ? texts.LastOrDefault() : texts.FirstOrDefault()) ?? "";
    }

    private static string Text(IndexValue value) => value switch
    {
        TokenValue token => token.Code,
        ReferenceValue reference => $"{reference.TargetType}/{reference.TargetId}",
        ExternalReferenceValue external => external.Url,
        UriValue uri => uri.Uri,
        _ => "",
    };
}
