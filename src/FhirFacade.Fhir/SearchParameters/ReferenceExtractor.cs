using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Follows one reference parameter out of a resource, as <c>_include</c> does.</summary>
public sealed class ReferenceExtractor
{
    private readonly string resourceType;

    private ReferenceExtractor(string resourceType, SearchParameter parameter) => (this.resourceType, Parameter) = (resourceType, parameter);

    /// <summary>The parameter it follows.</summary>
    public SearchParameter Parameter { get; }

    /// <summary>The extractor of the type's parameter; null where the type has no such reference parameter.</summary>
    public static ReferenceExtractor? For(string resourceType, string searchParameterCode) =>
        SearchParameterSet.Served.Find(resourceType, searchParameterCode) is { Type: SearchParameterType.Reference } parameter
            ? new ReferenceExtractor(resourceType, parameter)
            : null;

    /// <summary>The relative references that the parameter finds, each once, in document order.</summary>
    public ImmutableArray<ReferenceValue> Extract(JsonElement resource) =>
        [.. SearchIndexer.Extract(resourceType, Parameter.Code, resource).OfType<ReferenceValue>()];
}
