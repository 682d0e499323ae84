using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>A set of search parameters to which something was to be added.</summary>
/// <param name="Set">The set with what could be added; the old one where nothing could.</param>
/// <param name="Issues">What was refused and why, located in the SearchParameter resource; empty where all is well.</param>
public sealed record SearchParameterAddition(SearchParameterSet Set, ImmutableArray<Issue> Issues);
