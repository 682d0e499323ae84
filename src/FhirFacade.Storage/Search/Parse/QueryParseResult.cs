using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>What became of the parameters of a search.</summary>
/// <param name="Query">The search; null if it is refused.</param>
/// <param name="Issues">Why it is refused, or what was ignored; each names its parameter and never a value.</param>
public sealed record QueryParseResult(SearchQuery? Query, ImmutableArray<Issue> Issues);
