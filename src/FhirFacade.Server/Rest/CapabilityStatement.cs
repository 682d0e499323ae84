using System.Text.Json.Nodes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.Rest;

/// <summary>Describes the API from what is really there: the stored types, their search parameters, the mapped interactions.</summary>
internal static class CapabilityStatement
{
    private const string SecurityService = "http://terminology.hl7.org/CodeSystem/restful-security-service";
    private const string OAuthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

    /// <summary>The resource, for a server that started at <paramref name="started"/>.</summary>
    public static JsonObject Build(SmartSettings settings, DateTimeOffset started, string version) => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["id"] = "fhirfacade",
        ["url"] = settings.FhirBase + "/metadata",
        ["version"] = version,
        ["name"] = "FhirFacade",
        ["status"] = "active",
        ["date"] = started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        ["kind"] = "instance",
        ["software"] = new JsonObject { ["name"] = "FhirFacade", ["version"] = version },
        ["implementation"] = new JsonObject { ["description"] = "FhirFacade", ["url"] = settings.FhirBase },
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("json", "application/fhir+json"),
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["security"] = Security(settings),
            ["resource"] = new JsonArray([.. ResourceTables.Types.Order(StringComparer.Ordinal).Select(Resource)]),
        }),
    };

    /// <summary>SMART App Launch, conformance: the service code, and the endpoints as an extension for older clients.</summary>
    private static JsonObject Security(SmartSettings settings)
    {
        var security = new JsonObject
        {
            ["service"] = new JsonArray(new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = SecurityService, ["code"] = "SMART-on-FHIR" }),
            }),
        };
        if (settings.Authority is null)
        {
            security["extension"] = new JsonArray(new JsonObject
            {
                ["url"] = OAuthUris,
                ["extension"] = new JsonArray(new JsonObject { ["url"] = "token", ["valueUri"] = settings.TokenEndpoint }),
            });
        }
        return security;
    }

    private static JsonObject Resource(string type)
    {
        var parameters = SearchParameterSet.Served.For(type).Where(IsOffered).ToList();
        var resource = new JsonObject
        {
            ["type"] = type,
            ["interaction"] = new JsonArray([.. RestEndpoints.Interactions.Select(code => new JsonObject { ["code"] = code })]),
            ["versioning"] = "versioned-update",
            ["readHistory"] = true,
            ["updateCreate"] = true,
            ["conditionalCreate"] = false,
            ["conditionalRead"] = "full-support",
            ["conditionalUpdate"] = false,
            ["conditionalDelete"] = "not-supported",
        };
        Add(resource, "searchInclude", parameters.Where(p => p.Type == SearchParameterType.Reference).Select(p => (JsonNode)$"{type}:{p.Code}"));
        Add(resource, "searchParam", parameters.Select(p => Parameter(p)));
        return resource;
    }

    private static bool IsOffered(SearchParameter parameter) =>
        parameter.Type is not (SearchParameterType.Composite or SearchParameterType.Special) && parameter.Expression.Length > 0;

    private static JsonObject Parameter(SearchParameter parameter) => new()
    {
        ["name"] = parameter.Code,
        ["definition"] = parameter.Url,
        ["type"] = parameter.Type.ToString().ToLowerInvariant(),
    };

    private static void Add(JsonObject resource, string name, IEnumerable<JsonNode> items)
    {
        var array = new JsonArray([.. items]);
        if (array.Count > 0)
        {
            resource[name] = array;
        }
    }
}
