using System.Text.Json;
using FhirFacade.Fhir.Packages;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>Definitions of our own, as small as can be.</summary>
internal static class SmallGuide
{
    public static Package Of(params IEnumerable<string> resources) => PackageLoader.Load("test", "1", resources.Select(json => JsonDocument.Parse(json).RootElement)).Package!;

    /// <summary>A profile or extension, by its differential.</summary>
    public static string Profile(string id, string type, string baseUrl, string elements, string contexts = "", string contextInvariants = "") => $$"""
        {"resourceType":"StructureDefinition","url":"http://example.org/{{id}}","type":"{{type}}","derivation":"constraint","baseDefinition":"{{baseUrl}}",
         "context":[{{contexts}}],"contextInvariant":[{{contextInvariants}}],"differential":{"element":[{{elements}}]} }
        """;
}
