using System.Net;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Server.Tests.Rest;

public sealed class CapabilitiesTests(FhirServer api) : IClassFixture<FhirServer>
{
    [Fact]
    public async Task Metadata_is_open_and_describes_what_is_there()
    {
        var answer = await api.Server.GetAsync("fhir/metadata", token: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("4.0.1", answer.Json.GetProperty("fhirVersion").GetString());
        var rest = answer.Json.GetProperty("rest")[0];
        Assert.Equal("SMART-on-FHIR", rest.GetProperty("security").GetProperty("service")[0].GetProperty("coding")[0].GetProperty("code").GetString());
        var types = rest.GetProperty("resource").EnumerateArray().ToDictionary(r => r.GetProperty("type").GetString()!);
        Assert.Equal(ResourceTables.Types.Order(), types.Keys.Order());
        var patient = types["Patient"];
        Assert.Contains("birthdate", patient.GetProperty("searchParam").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.Contains("search-type", patient.GetProperty("interaction").EnumerateArray().Select(p => p.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task It_names_the_endpoints_of_OAuth_that_smart_configuration_names()
    {
        var security = (await api.Server.GetAsync("fhir/metadata", token: null)).Json.GetProperty("rest")[0].GetProperty("security");
        var named = security.GetProperty("extension")[0].GetProperty("extension").EnumerateArray().ToDictionary(e => e.GetProperty("url").GetString()!, e => e.GetProperty("valueUri").GetString());
        var smart = (await api.Server.GetAsync("fhir/.well-known/smart-configuration", token: null)).Json;
        foreach (var (name, endpoint) in new[] { ("authorize", "authorization"), ("token", "token"), ("introspect", "introspection"), ("revoke", "revocation"), ("manage", "management") })
        {
            Assert.Equal(smart.GetProperty(endpoint + "_endpoint").GetString(), named[name]);
        }
        Assert.Equal(smart.TryGetProperty("registration_endpoint", out _), named.ContainsKey("register"));
    }

    [Fact]
    public async Task Each_interaction_that_it_names_has_a_route()
    {
        var patient = (await api.GetAsync("metadata")).Json.GetProperty("rest")[0].GetProperty("resource").EnumerateArray().First(r => r.GetProperty("type").GetString() == "Patient");
        foreach (var code in patient.GetProperty("interaction").EnumerateArray().Select(p => p.GetProperty("code").GetString()))
        {
            var (method, path) = code switch
            {
                "read" => (HttpMethod.Get, "Patient/nobody"),
                "vread" => (HttpMethod.Get, "Patient/nobody/_history/1"),
                "update" => (HttpMethod.Put, "Patient/nobody"),
                "patch" => (HttpMethod.Patch, "Patient/nobody"),
                "delete" => (HttpMethod.Delete, "Patient/nobody"),
                "history-instance" => (HttpMethod.Get, "Patient/nobody/_history"),
                "history-type" => (HttpMethod.Get, "Patient/_history"),
                "create" => (HttpMethod.Post, "Patient"),
                "search-type" => (HttpMethod.Get, "Patient?_id=nobody"),
                _ => throw new InvalidOperationException($"no request known for {code}"),
            };
            var answer = await api.Server.SendAsync(method, "fhir/" + path, api.Root, method == HttpMethod.Put || method == HttpMethod.Post ? "{}" : null);
            Assert.NotEqual(HttpStatusCode.MethodNotAllowed, answer.Status);
            Assert.True((int)answer.Status < 500, $"{code}: {answer.Status}");
        }
    }

    [Fact]
    public async Task It_is_a_valid_resource()
    {
        var answer = await api.GetAsync("metadata");
        Assert.Empty(FhirFacade.Fhir.Validation.StructureValidator.Validate(answer.Json).Where(i => i.IsError));
    }

    [Fact]
    public async Task Every_search_that_it_names_is_taken()
    {
        var rest = (await api.GetAsync("metadata")).Json.GetProperty("rest")[0];
        foreach (var type in rest.GetProperty("resource").EnumerateArray())
        {
            var name = type.GetProperty("type").GetString()!;
            var includes = type.GetProperty("searchInclude").EnumerateArray().Select(i => KeyValuePair.Create("_include", i.GetString()!));
            var revIncludes = type.GetProperty("searchRevInclude").EnumerateArray().Select(i => KeyValuePair.Create("_revinclude", i.GetString()!));
            var parameters = type.GetProperty("searchParam").EnumerateArray().Select(p => KeyValuePair.Create(p.GetProperty("name").GetString() + ":missing", "true"));
            var parsed = FhirFacade.Storage.Search.Parse.QueryParser.Parse(name, [.. includes, .. revIncludes, .. parameters], lenient: false);
            Assert.True(parsed.Query is not null, name + ": " + string.Join("; ", parsed.Issues.Select(i => i.Diagnostics)));
        }
        Assert.Contains("http://hl7.org/fhir/CompartmentDefinition/patient", rest.GetProperty("compartment").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("?_type=Patient&_text=nobody&_list=none&_content=nothing&_filter=_id%20eq%20none&_has:Observation:subject:code=none")).Status);
    }

    [Fact]
    public async Task It_names_operations_that_have_a_route_and_profiles_formats_and_conditions()
    {
        var statement = (await api.GetAsync("metadata")).Json;
        Assert.Contains("http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server", statement.GetProperty("instantiates").EnumerateArray().Select(e => e.GetString()));
        Assert.Contains("application/json-patch+json", statement.GetProperty("patchFormat").EnumerateArray().Select(e => e.GetString()));
        var rest = statement.GetProperty("rest")[0];
        Assert.Contains("transaction", rest.GetProperty("interaction").EnumerateArray().Select(i => i.GetProperty("code").GetString()));
        foreach (var resource in rest.GetProperty("resource").EnumerateArray())
        {
            var type = resource.GetProperty("type").GetString()!;
            foreach (var name in resource.GetProperty("operation").EnumerateArray().Select(o => o.GetProperty("name").GetString()!).Where(n => type == "Patient" || !n.StartsWith("meta", StringComparison.Ordinal) && n != "validate"))
            {
                var isOfInstance = name is "everything" or "document" or "meta" or "meta-add" or "meta-delete";
                var answer = await api.Server.SendAsync(HttpMethod.Post, isOfInstance ? $"fhir/{type}/nobody/${name}" : $"fhir/{type}/${name}", api.Root, """{"resourceType":"Parameters"}""");
                Assert.DoesNotContain("there is nothing at this address", answer.Text, StringComparison.Ordinal);
                Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound || name == "reindex", $"{type} {name} {answer.Status}");
            }
        }
        var patient = rest.GetProperty("resource").EnumerateArray().First(r => r.GetProperty("type").GetString() == "Patient");
        Assert.Contains("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", patient.GetProperty("supportedProfile").EnumerateArray().Select(p => p.GetString()));
        Assert.True(patient.GetProperty("conditionalCreate").GetBoolean());
    }

    [Fact]
    public async Task Its_modes_are_those_of_R4()
    {
        Assert.Equal("CapabilityStatement", (await api.GetAsync("metadata?mode=normative")).Json.GetProperty("resourceType").GetString());
        var terminology = await api.GetAsync("metadata?mode=terminology");
        Assert.Equal("TerminologyCapabilities", terminology.Json.GetProperty("resourceType").GetString());
        Assert.Empty(FhirFacade.Fhir.Validation.StructureValidator.Validate(terminology.Json).Where(i => i.IsError));
        (await api.GetAsync("metadata?mode=other")).IsOutcome(HttpStatusCode.BadRequest, "value");
        var whole = await api.GetAsync("metadata");
        Assert.True(whole.Body.Length < 300_000, $"{whole.Body.Length}");
        Assert.True((await api.GetAsync("metadata", ("Accept-Encoding", "gzip"))).Body.Length < 30_000);
    }
}
