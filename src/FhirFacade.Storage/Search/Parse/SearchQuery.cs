using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>A search that has been read and understood, before anybody's rights are applied to it.</summary>
/// <param name="Type">The resource type searched.</param>
/// <param name="Criteria">All of them have to hold.</param>
/// <param name="Sort">The keys, first one first; empty for the order in which resources first came.</param>
/// <param name="Count">The size of a page; 0 asks for the number of matches only.</param>
/// <param name="Total">How the number of matches is wanted.</param>
/// <param name="Includes"><c>_include</c>.</param>
/// <param name="RevIncludes"><c>_revinclude</c>.</param>
/// <param name="Summary"><c>_summary</c>, for whoever renders the page.</param>
/// <param name="Elements"><c>_elements</c>, for whoever renders the page.</param>
/// <param name="Applied">The parameters that were used, as they came: what the self link says.</param>
/// <param name="Warnings">What was ignored, and why.</param>
public sealed record SearchQuery(
    string Type,
    ImmutableArray<Criterion> Criteria,
    ImmutableArray<SortKey> Sort,
    int Count,
    TotalMode Total,
    ImmutableArray<Include> Includes,
    ImmutableArray<Include> RevIncludes,
    SummaryMode? Summary,
    ImmutableArray<string> Elements,
    ImmutableArray<KeyValuePair<string, string>> Applied,
    ImmutableArray<Issue> Warnings)
{
    /// <summary>The compartment that the address names; null for all resources of the type. It is one of the criteria, too.</summary>
    public Criterion.OfCompartment? Within { get; init; }

    /// <summary><c>_contained</c>.</summary>
    public ContainedMode Contained { get; init; }

    /// <summary><c>_containedType=contained</c>: what is contained is returned by itself, and not what contains it.</summary>
    public bool ShowsContained { get; init; }
}

/// <summary>One key of <c>_sort</c>.</summary>
public sealed record SortKey(SearchParameter Parameter, bool Descending);

/// <summary><c>_include</c> or <c>_revinclude</c>.</summary>
/// <param name="SourceType">The type that holds the references; null for every type (<c>*</c>).</param>
/// <param name="Reference">The parameter that follows them; null for all reference parameters (<c>*</c>).</param>
/// <param name="TargetType">The type they must point to; null for any.</param>
/// <param name="Iterate">Whether it applies to what was included, too.</param>
public sealed record Include(string? SourceType, SearchParameter? Reference, string? TargetType, bool Iterate);

/// <summary><c>_total</c>: https://hl7.org/fhir/R4/search.html#total</summary>
public enum TotalMode
{
    /// <summary>The number of matches is not wanted.</summary>
    None,

    /// <summary>About how many.</summary>
    Estimate,

    /// <summary>Exactly how many.</summary>
    Accurate,
}

/// <summary><c>_summary</c>: https://hl7.org/fhir/R4/search.html#summary</summary>
public enum SummaryMode
{
    /// <summary><c>true</c>: the elements marked as summary.</summary>
    True,

    /// <summary><c>false</c>: everything.</summary>
    False,

    /// <summary><c>text</c>: narrative, id, meta and mandatory elements.</summary>
    Text,

    /// <summary><c>data</c>: all but the narrative.</summary>
    Data,

    /// <summary><c>count</c>: only how many.</summary>
    Count,
}

/// <summary><c>_contained</c>: https://hl7.org/fhir/R4/search.html#contained</summary>
public enum ContainedMode
{
    /// <summary>Resources of their own.</summary>
    False,

    /// <summary>Resources that are contained in others.</summary>
    True,

    /// <summary>Either.</summary>
    Both,
}
