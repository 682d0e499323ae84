using System.Collections.Immutable;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Packages;

/// <summary>What an implementation guide brings, as data. Immutable.</summary>
/// <param name="Name">Its name, such as <c>hl7.fhir.us.core</c>.</param>
/// <param name="Version">Its version.</param>
public sealed record Package(string Name, string Version)
{
    /// <summary>Other packages that it builds on: name and version.</summary>
    public ImmutableSortedDictionary<string, string> Dependencies { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The address under which its guide is published and its own urls begin; null where it does not say.</summary>
    public string? Canonical { get; init; }

    /// <summary>Profiles and extensions.</summary>
    public ImmutableArray<Profile> Profiles { get; init; } = [];

    /// <summary>Code systems.</summary>
    public ImmutableArray<CodeSystem> CodeSystems { get; init; } = [];

    /// <summary>Value sets.</summary>
    public ImmutableArray<ValueSet> ValueSets { get; init; } = [];

    /// <summary>Concept maps.</summary>
    public ImmutableArray<ConceptMap> ConceptMaps { get; init; } = [];

    /// <summary>Search parameters.</summary>
    public ImmutableArray<SearchParameter> SearchParameters { get; init; } = [];
}
