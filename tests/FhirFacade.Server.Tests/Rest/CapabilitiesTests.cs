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
}
