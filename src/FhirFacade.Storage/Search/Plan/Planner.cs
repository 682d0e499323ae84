using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Joins a search and a grant. There is no way to plan a search without a grant.</summary>
public static class Planner
{
    /// <summary>The plan, or why there is none.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="grant">What may be touched; it becomes a condition on every table that the search reaches.</param>
    /// <param name="from">The page; null for the first.</param>
    public static PlanOutcome Plan(SearchQuery query, AccessGrant grant, PageCursor? from = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        var granted = GrantPredicate.Of(grant, query.Type, Interactions.Search);
        if (granted is Predicate.Never)
        {
            return new PlanOutcome.Refusal(Issue.Error(IssueType.Forbidden, $"the access token does not open {query.Type} for searching"));
        }

        var binding = CursorBinding.Of(query, grant);
        if (from is not null && (from.Binding != binding || from.Keys.IsDefault || from.Keys.Length != query.Sort.Length))
        {
            return new PlanOutcome.Refusal(Issue.Error(IssueType.Value, "the page link belongs to another search or another access token"));
        }

        return new PlanOutcome.Planned(new SearchPlan
        {
            Type = query.Type,
            Match = Predicate.AllOf([granted, .. query.Criteria.Select(c => CriterionCompiler.Compile(query.Type, c, grant))]),
            Order = [.. query.Sort.Select(key => SortOrder.Of(query.Type, key))],
            Count = query.Count,
            Total = query.Total,
            From = from,
            Includes = query.Includes,
            RevIncludes = query.RevIncludes,
            Grant = grant,
            Binding = binding,
        });
    }
}
