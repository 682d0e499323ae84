using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>A search of several types (<c>_type</c>, or all types of a compartment): the same parameters for each.</summary>
/// <param name="Queries">One for each type; at least one. They differ in nothing but the type.</param>
public sealed record SystemQuery(ImmutableArray<SearchQuery> Queries);

/// <summary>What became of the parameters of a search of several types, as in <see cref="QueryParseResult"/>.</summary>
public sealed record SystemQueryParseResult(SystemQuery? Query, ImmutableArray<Issue> Issues);
