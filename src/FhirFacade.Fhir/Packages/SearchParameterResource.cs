using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Fhir.Packages;

/// <summary>Reads SearchParameter resources.</summary>
internal static class SearchParameterResource
{
    /// <summary>The parameter; null where an element that it needs is missing.</summary>
    public static SearchParameter? Read(JsonElement resource) =>
        resource.Text("url") is { } url && resource.Text("code") is { } code
        && Enum.TryParse<SearchParameterType>(resource.Text("type"), ignoreCase: true, out var type)
            ? new SearchParameter(
                code,
                type,
                [.. resource.Texts("base")],
                resource.Text("expression") ?? "",
                [.. resource.Texts("target")],
                [.. resource.Items("component").Select(component => new CompositeComponent(component.Text("definition") ?? "", component.Text("expression") ?? ""))],
                url)
            : null;
}
