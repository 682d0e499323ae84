using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>What the planner says. A closed set: the records nested here.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome()
    {
    }

    /// <summary>The search may be run.</summary>
    public sealed record Planned(SearchPlan Plan) : PlanOutcome;

    /// <summary>It may not: <c>forbidden</c> if the grant opens nothing of the type, <c>value</c> if the page link is not of this search and grant.</summary>
    public sealed record Refusal(Issue Issue) : PlanOutcome;
}

/// <summary>A search with the grant inside it. Only <see cref="Planner"/> makes one.</summary>
public sealed record SearchPlan
{
    internal SearchPlan()
    {
    }

    /// <summary>The type searched.</summary>
    public required string Type { get; init; }

    /// <summary>What the client asked for and what the grant allows, as one condition.</summary>
    public required Predicate Match { get; init; }

    /// <summary>The sort keys; rows with equal keys, and all rows if there is no key, come in the order in which they were first stored.</summary>
    public required ImmutableArray<SortOrder> Order { get; init; }

    /// <summary>The size of a page; 0 if only the number is wanted.</summary>
    public required int Count { get; init; }

    /// <summary>Whether matches are counted.</summary>
    public required TotalMode Total { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public required PageCursor? From { get; init; }

    /// <summary>References to follow from the page.</summary>
    public required ImmutableArray<Include> Includes { get; init; }

    /// <summary>References to follow to the page.</summary>
    public required ImmutableArray<Include> RevIncludes { get; init; }

    /// <summary>
    /// Not the rows that match are found but what they contain: a match each for every contained resource that meets this. Null for a search of resources.
    /// </summary>
    public Predicate.Contains? Contained { get; init; }

    /// <summary>Tells this plan from the others of a search of several.</summary>
    public string Name => Contained is null ? Type : $"{Type}#{Contained.Type}";

    /// <summary>What every further table is opened with.</summary>
    public required AccessGrant Grant { get; init; }

    /// <summary>What the cursors of this search carry.</summary>
    public required string Binding { get; init; }
}
