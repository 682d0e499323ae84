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

    /// <summary>All of them hold.</summary>
    public sealed record All(ImmutableArray<Criterion> Parts) : Criterion;

    /// <summary>At least one of them holds.</summary>
    public sealed record Any(ImmutableArray<Criterion> Parts) : Criterion;

    /// <summary>It does not hold.</summary>
    public sealed record Not(Criterion Inner) : Criterion;

    /// <summary>A word of <c>_text</c> (in the narrative) or <c>_content</c> (anywhere).</summary>
    /// <param name="Normalised">In its normal form; of <c>_content</c> as it was written, for the database has its own.</param>
    /// <param name="Anywhere">Whether any text of the resource may hold it.</param>
    public sealed record Word(string Normalised, bool Anywhere) : Criterion;

    /// <summary>The resource is in the compartment of this resource (https://hl7.org/fhir/R4/compartmentdefinition.html).</summary>
    /// <param name="Compartment">The type of the resource.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Parameters">The reference parameters that put a resource of the searched type into it.</param>
    /// <param name="IsOwner">Whether the searched type is the compartment's own, so that the resource itself belongs to it.</param>
    public sealed record OfCompartment(string Compartment, string Id, ImmutableArray<SearchParameter> Parameters, bool IsOwner) : Criterion;

    /// <summary><c>_has</c>: a resource of the source type points here and meets the criterion.</summary>
    public sealed record Has(string SourceType, SearchParameter Reference, Criterion Source) : Criterion;
}

/// <summary>A type that a chain may lead to.</summary>
public sealed record ChainTarget(string Type, Criterion Criterion);
