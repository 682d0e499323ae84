using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Finds what every search parameter of a type sees in a resource.</summary>
public static class SearchIndexer
{
    /// <summary>
    /// All index values of the resource, by parameter, without duplicates. What the definitions cannot place (wrong types,
    /// broken dates) yields no value; no content makes it throw.
    /// </summary>
    /// <param name="resourceType">The type whose parameters apply.</param>
    /// <param name="resource">The resource, a JSON object.</param>
    /// <param name="parameters">The set whose parameters apply; the one that is served where null.</param>
    public static ImmutableArray<IndexValue> Extract(string resourceType, JsonElement resource, SearchParameterSet? parameters = null)
    {
        var values = IndexValueList.Rent();
        (parameters ?? SearchParameterSet.Served).Indexer(resourceType).Extract(resource, values);
        return values.ToImmutable();
    }

    /// <summary>As <see cref="Extract(string, JsonElement, SearchParameterSet?)"/>, for one parameter; empty where the type has none of that code.</summary>
    public static ImmutableArray<IndexValue> Extract(string resourceType, string parameterCode, JsonElement resource, SearchParameterSet? parameters = null)
    {
        var values = IndexValueList.Rent();
        (parameters ?? SearchParameterSet.Served).Indexer(resourceType).Extract(resource, parameterCode, values);
        return values.ToImmutable();
    }
}
