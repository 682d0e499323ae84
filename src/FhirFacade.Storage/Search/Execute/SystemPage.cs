using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Npgsql;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>
/// A page over several types: the pages of the types, put together in one order. Without sort keys one type follows the other, and
/// no more types are looked into than the page needs.
/// </summary>
internal sealed class SystemPage(
    SystemPlan plan, NpgsqlConnection connection, Func<SearchPlan, NpgsqlConnection, CancellationToken, Task<AccessPath>> choose)
{
    public async Task<SearchPage> ExecuteAsync(CancellationToken cancellationToken)
    {
        var rows = new List<(SearchPlan Plan, MatchRow Row)>();
        if (plan.Count > 0)
        {
            foreach (var ofType in InOrder())
            {
                var path = await choose(ofType, connection, cancellationToken);
                if (SearchExecutor.TooCostly(ofType, path) is { } costly)
                {
                    return SearchPage.Refused(costly);
                }

                if (await SearchExecutor.FetchAsync(connection, ofType, path, cancellationToken) is not { } found)
                {
                    return SearchPage.Refused(SearchExecutor.TooManyToSort());
                }

                rows.AddRange(found.Select(row => (ofType, row)));
                if (ofType.Order.IsEmpty && rows.Count > plan.Count)
                {
                    break;
                }
            }
        }

        var direction = plan.From?.Backward ?? false ? -1 : 1;
        rows.Sort((left, right) => direction * KeyOrder.Compare(left.Plan, left.Row, right.Plan, right.Row));
        var page = MatchPage.Of(plan.Count, plan.From, plan.Binding, ofSeveralTypes: true, [.. rows.Select(row => row.Row)]);
        var issues = ImmutableArray.CreateBuilder<Issue>();
        var total = plan.Count > 0 && plan.From is null && page.Next is null ? page.Matches.Length
            : plan.Plans[0].Total == TotalMode.None ? null
            : await CountAsync(issues, cancellationToken);
        var included = await new IncludeFetcher(plan.Plans[0], connection).FetchAsync(page.Matches, issues, cancellationToken);
        return new SearchPage(page.Matches, included, total, page.Next, page.Previous, issues.ToImmutable());
    }

    private async Task<long?> CountAsync(ImmutableArray<Issue>.Builder issues, CancellationToken cancellationToken)
    {
        var total = 0L;
        foreach (var ofType in plan.Plans)
        {
            total += await SearchExecutor.CountAsync(connection, ofType, await choose(ofType, connection, cancellationToken), cancellationToken);
            if (total > SearchLimits.MaxCounted)
            {
                issues.Add(SearchExecutor.TooManyToCount());
                return null;
            }
        }

        return total;
    }

    // The types in the direction of reading, each from where the cursor stands in it.
    private IEnumerable<SearchPlan> InOrder()
    {
        var descending = SortSql.LastDescending(plan.Plans[0]) != (plan.From?.Backward ?? false);
        var types = descending ? plan.Plans.Reverse() : plan.Plans;
        if (plan.From is not { Type: { } type } cursor)
        {
            return types;
        }

        var origin = plan.Plans.First(p => p.Name == type);
        return types.Where(p => !p.Order.IsEmpty || !IsBefore(p)).Select(p => p with
        {
            From = cursor with
            {
                Keys = KeyOrder.Translate(origin, cursor.Keys, p),

                // Of a type that comes before, only rows with greater keys follow; of one that comes after, those with equal keys, too.
                Rid = p.Name == type ? cursor.Rid : IsBefore(p) != descending ? long.MaxValue : long.MinValue,
            },
        });

        bool IsBefore(SearchPlan p)
        {
            var difference = string.CompareOrdinal(p.Name, type);
            return descending ? difference > 0 : difference < 0;
        }
    }
}
