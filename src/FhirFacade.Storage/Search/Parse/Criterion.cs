using System.Collections.Immutable;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>One condition of a search, all names resolved. A closed set: the records nested here.</summary>
public abstract record Criterion
{
    private Criterion()
    {
    }

    /// <summary>The parameter has one of the values.</summary>
    public sealed record Matches(SearchParameter Parameter, SearchModifier Modifier, ImmutableArray<SearchValue> AnyOf) : Criterion;

    /// <summary><c>:missing</c>: the parameter has no value, or has one.</summary>
    public sealed record Missing(SearchParameter Parameter, bool IsMissing) : Criterion;

    /// <summary>A chain: the reference points to a resource that meets the criterion of its type.</summary>
    public sealed record Chain(SearchParameter Reference, ImmutableArray<ChainTarget> Targets) : Criterion;

    /// <summary><c>_has</c>: a resource of the source type points here and meets the criterion.</summary>
    public sealed record Has(string SourceType, SearchParameter Reference, Criterion Source) : Criterion;
}

/// <summary>A type that a chain may lead to.</summary>
public sealed record ChainTarget(string Type, Criterion Criterion);
