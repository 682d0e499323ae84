using System.Collections.Immutable;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>All search parameters known for each resource type. Immutable, safe to share.</summary>
public sealed class SearchParameterSet
{
    private static readonly Lazy<SearchParameterSet> r4 = new(() => new SearchParameterSet([]));
    private readonly ImmutableArray<SearchParameter> parameters;

    private SearchParameterSet(ImmutableArray<SearchParameter> parameters) => this.parameters = parameters;

    /// <summary>The search parameters of the R4 specification.</summary>
    public static SearchParameterSet R4 => r4.Value;

    /// <summary>The parameter that <paramref name="code"/> names for the type, or null.</summary>
    public SearchParameter? Find(string resourceType, string code) =>
        parameters.FirstOrDefault(p => p.Code == code && p.Bases.Contains(resourceType));

    /// <summary>Every parameter of the type, those of all resources (<c>_id</c>, <c>_lastUpdated</c> ...) included.</summary>
    public IReadOnlyList<SearchParameter> For(string resourceType) =>
        [.. parameters.Where(p => p.Bases.Contains(resourceType))];
}
