using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>
/// Searches for contained resources (https://hl7.org/fhir/R4/search.html#contained): a plan for each type of container that the grant opens. What is contained is
/// found if the grant opens its type and all that the grant asks of it, and its container as every search would find that.
/// </summary>
internal static class ContainedPlans
{
    /// <summary>The plans, in the order of their names, at least one; or why there are none.</summary>
    public static (ImmutableArray<SearchPlan> Plans, Issue? Refusal) Of(SystemQuery system, AccessGrant grant, IReadOnlyCollection<ContainedIn> containers)
    {
        // As resources of their own: types that are not open are left out, and what is masked is refused.
        var plain = new List<(SearchQuery Query, SearchPlan Plan)>();
        Issue? refusal = null;
        foreach (var query in system.Queries)
        {
            switch (Planner.Plan(query with { Contained = ContainedMode.False }, grant))
            {
                case PlanOutcome.Planned(var plan):
                    plain.Add((query, plan));
                    break;
                case PlanOutcome.Refusal(var issue):
                    refusal ??= issue;
                    break;
            }
        }

        if (plain.Count == 0)
        {
            return ([], refusal);
        }

        var found = system.Queries[0].ShowsContained ? Pairs(plain, grant, containers) : Containers(plain, grant, containers);
        var plans = found.OrderBy(plan => plan.Name, StringComparer.Ordinal).ToImmutableArray();
        return (plans.IsEmpty ? [plain[0].Plan with { Match = new Predicate.Never() }] : plans, null);
    }

    // Each contained resource by itself.
    private static IEnumerable<SearchPlan> Pairs(List<(SearchQuery Query, SearchPlan Plan)> plain, AccessGrant grant, IReadOnlyCollection<ContainedIn> containers)
    {
        foreach (var (query, plan) in plain)
        {
            if (query.Contained == ContainedMode.Both)
            {
                yield return plan;
            }

            foreach (var container in containers.Where(c => c.Type == query.Type).Select(c => c.ContainerType))
            {
                if (Open(container, grant) is { } granted && Inside(query, container, grant) is { } contains)
                {
                    yield return plan with { Type = container, Match = granted, Contained = contains };
                }
            }
        }
    }

    // Each container once, whatever it is found by.
    private static IEnumerable<SearchPlan> Containers(List<(SearchQuery Query, SearchPlan Plan)> plain, AccessGrant grant, IReadOnlyCollection<ContainedIn> containers)
    {
        var alone = plain[0].Query.Contained == ContainedMode.Both ? plain.ToDictionary(p => p.Query.Type, p => p.Plan, StringComparer.Ordinal) : [];
        var types = containers.Where(c => plain.Any(p => p.Query.Type == c.Type)).Select(c => c.ContainerType).Concat(alone.Keys).Distinct(StringComparer.Ordinal);
        foreach (var type in types)
        {
            var found = new List<Predicate>();
            if (alone.TryGetValue(type, out var own))
            {
                found.Add(own.Match);
            }

            if (Open(type, grant) is { } granted)
            {
                var inside = plain.Where(p => containers.Contains(new ContainedIn(p.Query.Type, type))).Select(p => Inside(p.Query, type, grant)).OfType<Predicate>();
                found.Add(Predicate.AllOf([granted, Predicate.AnyOf(inside)]));
            }

            if (Predicate.AnyOf(found) is not Predicate.Never and var match)
            {
                yield return plain[0].Plan with { Type = type, Match = match };
            }
        }
    }

    // Null where the grant does not open the type for searching, or hides what its resources contain.
    private static Predicate? Open(string container, AccessGrant grant)
    {
        var hidden = grant.Masked.In(container).Paths.Any(path => path == container + ".contained" || path.StartsWith(container + ".contained.", StringComparison.Ordinal));
        return !hidden && GrantPredicate.Of(grant, container, Interactions.Search) is not Predicate.Never and var granted ? granted : null;
    }

    private static Predicate.Contains? Inside(SearchQuery query, string container, AccessGrant grant)
    {
        var match = Predicate.AllOf(
        [
            ContainedPredicate.OfGrant(GrantPredicate.Of(grant, query.Type, Interactions.Search), query.Type, container),
            .. query.Criteria.Select(criterion => ContainedPredicate.OfCriterion(CriterionCompiler.Compile(query.Type, criterion, grant))),
        ]);
        return match is Predicate.Never ? null : new Predicate.Contains(query.Type, match);
    }
}
