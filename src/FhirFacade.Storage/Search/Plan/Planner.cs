using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Joins a search and a grant. There is no way to plan a search without a grant.</summary>
public static class Planner
{
    private static readonly Issue ForeignLink = Issue.Error(IssueType.Value, "the page link belongs to another search or another access token");

    /// <summary>The plan, or why there is none.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="grant">What may be touched; it becomes a condition on every table that the search reaches.</param>
    /// <param name="from">The page; null for the first.</param>
    public static PlanOutcome Plan(SearchQuery query, AccessGrant grant, PageCursor? from = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Contained != ContainedMode.False)
        {
            return new PlanOutcome.Refusal(Issue.Error(IssueType.NotSupported, "_contained: contained resources are not looked for here", "_contained"));
        }

        var granted = GrantPredicate.Of(grant, query.Type, Interactions.Search);
        if (granted is Predicate.Never)
        {
            return new PlanOutcome.Refusal(Issue.Error(IssueType.Forbidden, $"the access token does not open {query.Type} for searching"));
        }

        if (MaskedParameters.Refuse(query, grant) is { } told)
        {
            return new PlanOutcome.Refusal(told);
        }

        var binding = CursorBinding.Of(query, grant);
        if (from is not null && (from.Binding != binding || from.Type is not null || from.Keys.IsDefault || from.Keys.Length != query.Sort.Length))
        {
            return new PlanOutcome.Refusal(ForeignLink);
        }

        return new PlanOutcome.Planned(new SearchPlan
        {
            Type = query.Type,
            Match = AmongOne(Predicate.AllOf([granted, .. query.Criteria.Select(c => CriterionCompiler.Compile(query.Type, c, grant))])),
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

    // What a user reaches is looked for among one patient's rows where the search names that patient: no row of another can match both.
    private static Predicate AmongOne(Predicate match)
    {
        if (match is not Predicate.All all || !all.Parts.Any(part => part is Predicate.InReach))
        {
            return match;
        }

        var named = all.Parts.OfType<Predicate.HasTerm>().FirstOrDefault(part => part is { Patient: not null, Terms.Length: 1 })?.Patient;
        return named is null ? match : Predicate.AllOf(all.Parts.Select(part => part is Predicate.InReach reach ? reach with { Among = named } : part));
    }

    /// <summary>The plan of a search of several types, or why there is none. Types that the grant does not open are not searched.</summary>
    /// <param name="query">What is asked for of each type.</param>
    /// <param name="grant">As for one type.</param>
    /// <param name="from">The page; null for the first.</param>
    /// <param name="containers">Which types there are in which others, if contained resources are searched: no others are looked into.</param>
    public static SystemPlanOutcome Plan(SystemQuery query, AccessGrant grant, PageCursor? from = null, IReadOnlyCollection<ContainedIn>? containers = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Queries[0].Contained != ContainedMode.False)
        {
            var (found, refusal) = ContainedPlans.Of(query, grant, containers ?? []);
            return refusal is null ? Of(query, grant, from, found) : new SystemPlanOutcome.Refusal(refusal);
        }

        var outcomes = query.Queries.OrderBy(q => q.Type, StringComparer.Ordinal).Select(q => Plan(q, grant)).ToList();
        ImmutableArray<SearchPlan> plans = [.. outcomes.OfType<PlanOutcome.Planned>().Select(p => p.Plan)];
        if (plans.IsEmpty)
        {
            return new SystemPlanOutcome.Refusal(outcomes.OfType<PlanOutcome.Refusal>().First().Issue);
        }

        return Of(query, grant, from, plans);
    }

    private static SystemPlanOutcome Of(SystemQuery query, AccessGrant grant, PageCursor? from, ImmutableArray<SearchPlan> plans)
    {
        var binding = CursorBinding.Of(query, grant);
        return from is not null && (from.Binding != binding || from.Keys.IsDefault || from.Keys.Length != plans[0].Order.Length || plans.All(p => p.Name != from.Type))
            ? new SystemPlanOutcome.Refusal(ForeignLink)
            : new SystemPlanOutcome.Planned(new SystemPlan { Plans = plans, Count = plans[0].Count, From = from, Binding = binding });
    }
}
