using System.Text.Json.Nodes;
using FhirFacade.Server.Smart;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>The API as OpenAPI 3.0.3 describes one (https://spec.openapis.org/oas/v3.0.3), made of nothing but the CapabilityStatement.</summary>
internal static class OpenApiDocument
{
    /// <summary>The description of what the statement says.</summary>
    public static JsonObject Of(JsonObject statement, SmartSettings settings)
    {
        var rest = statement["rest"]![0]!;
        var types = rest["resource"]!.AsArray().Select(resource => resource!.AsObject()).ToList();
        var paths = SystemPaths.Of(rest.AsObject());
        foreach (var path in types.SelectMany(TypePaths.Of).Concat(SystemPaths.OfCompartments(rest.AsObject())).Concat(AdminPaths.Of(settings)))
        {
            paths.Add(path.Key, path.Value);
        }
        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject
            {
                ["title"] = "FhirFacade",
                ["description"] = "FHIR R4 over what HL7 v2 feeds have brought. Every request under the base needs an access token, unless it says otherwise; what the token does not open is not there.",
                ["version"] = (string)statement["version"]!,
            },
            ["externalDocs"] = new JsonObject { ["description"] = "FHIR R4, the RESTful API", ["url"] = "https://hl7.org/fhir/R4/http.html" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = settings.FhirBase }),
            ["tags"] = new JsonArray([new JsonObject { ["name"] = OpenApiParts.SystemTag }, AdminPaths.TagOf(), .. types.Select(TypePaths.Tag)]),
            ["security"] = new JsonArray(new JsonObject { [OpenApiSecurity.Scheme] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = OpenApiSecurity.Of(settings),
                ["parameters"] = OpenApiParts.Parameters(types),
                ["responses"] = OpenApiParts.Responses(),
                ["requestBodies"] = OpenApiParts.Bodies(statement["patchFormat"]!.AsArray()),
                ["schemas"] = OpenApiParts.Schemas(types),
            },
        };
    }
}
