using System.Globalization;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Rest.Operations;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Server.Rest;

/// <summary>Describes the API from what is really there: the stored types, their search parameters and profiles, the mapped interactions and operations.</summary>
internal sealed class CapabilityStatement(SmartSettings settings, RestOptions options, SiteDefinitions definitions)
{
    private const string SecurityService = "http://terminology.hl7.org/CodeSystem/restful-security-service";
    private const string OAuthUris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
    private const string UsCoreServer = "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server";
    private const string R4Parameters = "http://hl7.org/fhir/SearchParameter/";

    /// <summary>The resource, for a server that started at <paramref name="started"/>.</summary>
    public JsonObject Build(DateTimeOffset started, string version) => new()
    {
        ["resourceType"] = "CapabilityStatement",
        ["id"] = "fhirfacade",
        ["url"] = settings.FhirBase + "/metadata",
        ["version"] = version,
        ["name"] = "FhirFacade",
        ["status"] = "active",
        ["date"] = Date(started),
        ["kind"] = "instance",
        ["instantiates"] = new JsonArray(UsCoreServer, $"{UsCoreServer}|{definitions.UsCoreVersion}"),
        ["software"] = new JsonObject { ["name"] = "FhirFacade", ["version"] = version },
        ["implementation"] = new JsonObject { ["description"] = "FhirFacade", ["url"] = settings.FhirBase },
        ["fhirVersion"] = "4.0.1",
        ["format"] = new JsonArray("json", "xml", "application/fhir+json", "application/fhir+xml"),
        ["patchFormat"] = Strings(ResourcePatch.Formats),
        ["implementationGuide"] = Strings(definitions.Guides),
        ["rest"] = new JsonArray(new JsonObject
        {
            ["mode"] = "server",
            ["security"] = Security(),
            ["resource"] = new JsonArray([.. ResourceTables.Types.Order(StringComparer.Ordinal).Select(Resource)]),
            ["interaction"] = Codes(RestEndpoints.SystemInteractions),
            ["searchParam"] = new JsonArray([.. ForAllTypes.Select(p => new JsonObject { ["name"] = p.Name, ["type"] = p.Type })]),
            ["compartment"] = Strings(Compartment.All.Select(c => $"http://hl7.org/fhir/CompartmentDefinition/{c.Type.ToLowerInvariant()}")),
        }),
    };

    /// <summary>What every type is searched by beside its own parameters.</summary>
    private static readonly (string Name, string Type)[] ForAllTypes =
        [("_text", "string"), ("_content", "string"), ("_list", "reference"), ("_has", "special"), ("_filter", "special"), ("_type", "special")];

    /// <summary>The same for terminology (R4 terminologycapabilities.html).</summary>
    public JsonObject BuildTerminology(DateTimeOffset started, string version) => new()
    {
        ["resourceType"] = "TerminologyCapabilities",
        ["id"] = "fhirfacade-terminology",
        ["url"] = settings.FhirBase + "/metadata?mode=terminology",
        ["version"] = version,
        ["name"] = "FhirFacade",
        ["status"] = "active",
        ["date"] = Date(started),
        ["kind"] = "instance",
        ["software"] = new JsonObject { ["name"] = "FhirFacade", ["version"] = version },
        ["implementation"] = new JsonObject { ["description"] = "FhirFacade", ["url"] = settings.FhirBase },
        ["codeSystem"] = new JsonArray([.. CodeSystems()]),
        ["codeSearch"] = "explicit",
        ["expansion"] = new JsonObject { ["hierarchical"] = true, ["paging"] = true, ["incomplete"] = false, ["textFilter"] = "Part of the code or of the display, whatever the case." },
        ["validateCode"] = new JsonObject { ["translations"] = false },
        ["translation"] = new JsonObject { ["needsMap"] = false },
        ["closure"] = new JsonObject { ["translation"] = false },
    };

    // What is everybody's; of what is stored each caller knows that it is there who may read it.
    private IEnumerable<JsonObject> CodeSystems()
    {
        foreach (var system in definitions.Terminology.Urls.Order(StringComparer.Ordinal).Select(definitions.Terminology.CodeSystem).OfType<ICodeSystem>())
        {
            var json = new JsonObject { ["uri"] = system.Url };
            if (system.Version is { } version)
            {
                json["version"] = new JsonArray(new JsonObject { ["code"] = version, ["isDefault"] = true });
            }
            yield return json;
        }
    }

    /// <summary>SMART App Launch, conformance: the service code, and the endpoints as an extension for older clients.</summary>
    private JsonObject Security()
    {
        var security = new JsonObject
        {
            ["cors"] = true,
            ["service"] = new JsonArray(new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = SecurityService, ["code"] = "SMART-on-FHIR" }),
            }),
        };
        if (settings.Authority is null)
        {
            (string Name, string? Uri)[] endpoints =
            [
                ("authorize", settings.AuthorizationEndpoint), ("token", settings.TokenEndpoint), ("introspect", settings.IntrospectionEndpoint),
                ("revoke", settings.RevocationEndpoint), ("manage", settings.ManagementEndpoint), ("register", settings.RegistrationEndpoint),
            ];
            security["extension"] = new JsonArray(new JsonObject
            {
                ["url"] = OAuthUris,
                ["extension"] = new JsonArray([.. endpoints.Where(e => e.Uri is not null).Select(e => new JsonObject { ["url"] = e.Name, ["valueUri"] = e.Uri })]),
            });
        }
        return security;
    }

    private JsonObject Resource(string type)
    {
        var parameters = SearchParameterSet.Served.For(type).Where(SearchOffer.Includes).ToList();
        var resource = new JsonObject { ["type"] = type };
        Add(resource, "supportedProfile", Profiles(type).Select(url => (JsonNode)url));
        resource["interaction"] = Codes(RestEndpoints.Interactions);
        resource["versioning"] = "versioned-update";
        resource["readHistory"] = true;
        resource["updateCreate"] = options.UpdateCreates;
        resource["conditionalCreate"] = true;
        resource["conditionalRead"] = "full-support";
        resource["conditionalUpdate"] = true;
        resource["conditionalDelete"] = "single";
        Add(resource, "searchInclude", parameters.Where(p => p.Type == SearchParameterType.Reference).Select(p => (JsonNode)$"{type}:{p.Code}").Prepend("*"));
        Add(resource, "searchRevInclude", RevIncludes(type).Select(include => (JsonNode)include));
        Add(resource, "searchParam", parameters.Select(Parameter));
        Add(resource, "operation", OperationEndpoints.Of(type).Select(o => new JsonObject { ["name"] = o.Name, ["definition"] = o.Definition }));
        return resource;
    }

    // Of US Core and of the site's own packages; their extensions are no profiles of a resource.
    private IEnumerable<string> Profiles(string type) => definitions.InForce.SelectMany(package => package.Profiles).Where(profile => profile.Type == type).Select(profile => profile.Url).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    // Every reference can be followed back; to name each for every type would be half a megabyte.
    private static IEnumerable<string> RevIncludes(string type) =>
        SearchParameterSet.R4.Find("Provenance", "target")!.Targets.Contains(type) ? ["*", "Provenance:target"] : ["*"];

    // What R4 itself defines needs no address.
    private static JsonObject Parameter(SearchParameter parameter)
    {
        var json = new JsonObject { ["name"] = parameter.Code };
        if (!parameter.Url.StartsWith(R4Parameters, StringComparison.Ordinal))
        {
            json["definition"] = parameter.Url;
        }
        json["type"] = parameter.Type.ToString().ToLowerInvariant();
        return json;
    }

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonArray Codes(IEnumerable<string> codes) => new([.. codes.Select(code => new JsonObject { ["code"] = code })]);

    private static void Add(JsonObject resource, string name, IEnumerable<JsonNode> items)
    {
        var array = new JsonArray([.. items]);
        if (array.Count > 0)
        {
            resource[name] = array;
        }
    }
}
