using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Finds what every search parameter of a type sees in a resource.</summary>
public static class SearchIndexer
{
    /// <summary>
    /// All index values of the resource, without duplicates. What the definitions cannot place (wrong types, broken dates)
    /// yields no value; no content makes it throw.
    /// </summary>
    /// <param name="resourceType">The type whose parameters apply.</param>
    /// <param name="resource">The resource, a JSON object.</param>
    public static ImmutableArray<IndexValue> Extract(string resourceType, JsonElement resource) => [];
}
