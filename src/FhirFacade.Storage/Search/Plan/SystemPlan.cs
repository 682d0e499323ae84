using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>A search of several types with the grant inside each part. Only <see cref="Planner"/> makes one.</summary>
public sealed record SystemPlan
{
    internal SystemPlan()
    {
    }

    /// <summary>One plan for each type that the grant opens, in the order of the types' names; at least one. None has a cursor of its own.</summary>
    public required ImmutableArray<SearchPlan> Plans { get; init; }

    /// <summary>The size of a page; 0 if only the number is wanted.</summary>
    public required int Count { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public required PageCursor? From { get; init; }

    /// <summary>What the cursors of this search carry.</summary>
    public required string Binding { get; init; }
}

/// <summary>What the planner says to a search of several types. A closed set: the records nested here.</summary>
public abstract record SystemPlanOutcome
{
    private SystemPlanOutcome()
    {
    }

    /// <summary>The search may be run; types that the grant does not open at all are left out.</summary>
    public sealed record Planned(SystemPlan Plan) : SystemPlanOutcome;

    /// <summary>It may not, as in <see cref="PlanOutcome.Refusal"/>.</summary>
    public sealed record Refusal(Issue Issue) : SystemPlanOutcome;
}
