using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Content negotiation and the parts of a resource that a caller may ask for.</summary>
public sealed class FormatTests(FhirServer api) : IClassFixture<FhirServer>, IAsyncLifetime
{
    private readonly string id = FhirServer.NewId();

    public async ValueTask InitializeAsync()
    {
        var patient = FhirServer.Patient(id);
        patient["meta"] = new JsonObject { ["tag"] = new JsonArray(new JsonObject { ["system"] = "urn:test", ["code"] = "kept" }) };
        patient["photo"] = new JsonArray(new JsonObject { ["contentType"] = "image/png", ["data"] = "AAAA" });
        patient["link"] = new JsonArray(new JsonObject { ["other"] = new JsonObject { ["reference"] = "Patient/other" }, ["type"] = "seealso" });
        patient["_birthDate"] = new JsonObject { ["extension"] = new JsonArray(new JsonObject { ["url"] = "urn:test", ["valueCode"] = "x" }) };
        await api.PutAsync(patient);
    }

    [Theory]
    [InlineData("application/fhir+json", "application/fhir+json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/json", "text/json")]
    [InlineData("*/*", "application/fhir+json")]
    [InlineData("application/fhir+xml;q=0.5, application/fhir+json;q=0.9", "application/fhir+json")]
    [InlineData("application/fhir+xml;q=0, */*", "application/fhir+json")]
    [InlineData("text/html, application/json;q=0.9, */*;q=0.8", "application/json")]
    [InlineData("application/fhir+json; fhirVersion=4.0", "application/fhir+json")]
    public async Task The_accepted_JSON_is_what_comes(string accept, string contentType)
    {
        var answer = await api.GetAsync($"Patient/{id}", ("Accept", accept));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith(contentType, answer.Header("Content-Type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/turtle")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("application/fhir+json;q=0")]
    [InlineData(";;;")]
    public async Task Another_format_is_406(string accept) =>
        (await api.GetAsync($"Patient/{id}", ("Accept", accept))).IsOutcome(HttpStatusCode.NotAcceptable, "not-supported");

    [Fact]
    public async Task _format_wins_over_Accept()
    {
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}?_format=json", ("Accept", "application/fhir+xml"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}?_format=application/fhir%2Bjson")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{id}?_format=application/fhir+json")).Status);
        Assert.StartsWith("application/fhir+xml", (await api.GetAsync($"Patient/{id}?_format=xml")).Header("Content-Type"), StringComparison.Ordinal);
        (await api.GetAsync($"Patient/{id}?_format=ttl")).IsOutcome(HttpStatusCode.NotAcceptable, "not-supported");
    }

    [Fact]
    public async Task Pretty_says_the_same_over_more_lines()
    {
        var plain = await api.GetAsync($"Patient/{id}");
        var pretty = await api.GetAsync($"Patient/{id}?_pretty=true");
        Assert.True(pretty.Text.Count(c => c == '\n') > 10);
        Assert.True(JsonElement.DeepEquals(plain.Json, pretty.Json));
    }

    [Fact]
    public async Task Summary_true_leaves_the_elements_marked_as_summary_at_every_level()
    {
        var json = (await api.GetAsync($"Patient/{id}?_summary=true")).Json;
        Assert.Equal(["_birthDate", "birthDate", "gender", "id", "link", "meta", "name", "resourceType"], Names(json).Order(StringComparer.Ordinal));
        Assert.Equal(["other", "type"], Names(json.GetProperty("link")[0]));
        Assert.False(json.TryGetProperty("text", out _));
        Assert.False(json.TryGetProperty("contact", out _));
        Subsetted(json);
    }

    [Fact]
    public async Task Summary_text_and_data_are_the_two_halves()
    {
        var text = (await api.GetAsync($"Patient/{id}?_summary=text")).Json;
        Assert.Equal(["id", "meta", "resourceType", "text"], Names(text).Order(StringComparer.Ordinal));
        Subsetted(text);
        var data = (await api.GetAsync($"Patient/{id}?_summary=data")).Json;
        Assert.False(data.TryGetProperty("text", out _));
        Assert.True(data.TryGetProperty("contact", out _));
        Subsetted(data);
        Assert.Equal((await api.GetAsync($"Patient/{id}")).Body, (await api.GetAsync($"Patient/{id}?_summary=false")).Body);
        (await api.GetAsync($"Patient/{id}?_summary=some")).IsOutcome(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Elements_leaves_those_named_and_the_mandatory_and_modifier_ones()
    {
        var json = (await api.GetAsync($"Patient/{id}?_elements=gender,Patient.birthDate")).Json;
        Assert.Equal(["_birthDate", "birthDate", "gender", "id", "link", "meta", "resourceType"], Names(json).Order(StringComparer.Ordinal));
        Subsetted(json);
        var observation = FhirServer.NewId();
        await api.PutAsync(FhirServer.Observation(observation, id));
        json = (await api.GetAsync($"Observation/{observation}?_elements=value")).Json;
        Assert.Equal(["code", "id", "meta", "resourceType", "status", "valueQuantity"], Names(json).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_resource_without_meta_gets_one_for_the_tag()
    {
        var json = (await api.GetAsync("metadata?_elements=fhirVersion")).Json;
        Assert.Equal("4.0.1", json.GetProperty("fhirVersion").GetString());
        Assert.False(json.TryGetProperty("implementation", out _));
        Assert.Equal("SUBSETTED", json.GetProperty("meta").GetProperty("tag")[0].GetProperty("code").GetString());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name);

    private static void Subsetted(JsonElement json)
    {
        var meta = json.GetProperty("meta");
        Assert.Equal(["kept", "SUBSETTED"], meta.GetProperty("tag").EnumerateArray().Select(t => t.GetProperty("code").GetString()));
        Assert.Equal("1", meta.GetProperty("versionId").GetString());
    }
}
