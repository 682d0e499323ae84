using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

public sealed class PatchTests(FhirServer api) : IClassFixture<FhirServer>
{
    private const string JsonPatch = "application/json-patch+json";

    private Task<Answer> PatchAsync(string id, string body, string contentType = JsonPatch, params (string, string)[] headers) =>
        api.Server.SendAsync(HttpMethod.Patch, $"fhir/Patient/{id}", api.Root, body, contentType, headers);

    private async Task<string> NewPatientAsync()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        return id;
    }

    [Fact]
    public async Task A_JSON_Patch_makes_a_new_version_or_changes_nothing_at_all()
    {
        var id = await NewPatientAsync();
        var patched = await PatchAsync(id, """[{"op":"replace","path":"/gender","value":"male"},{"op":"remove","path":"/contact"}]""");
        Assert.Equal(HttpStatusCode.OK, patched.Status);
        Assert.Equal("W/\"2\"", patched.Header("ETag"));
        Assert.Equal("male", patched.Json.GetProperty("gender").GetString());
        Assert.False(patched.Json.TryGetProperty("contact", out _));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PatchAsync(id, """[{"op":"remove","path":"/birthDate"},{"op":"test","path":"/gender","value":"female"}]""")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PatchAsync(id, """[{"op":"replace","path":"/gender","value":"no-code"}]""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PatchAsync(id, "{")).Status);
        Assert.Equal("1950-03-04", (await api.GetAsync($"Patient/{id}")).Json.GetProperty("birthDate").GetString());
        Assert.Equal("W/\"2\"", (await api.GetAsync($"Patient/{id}")).Header("ETag"));
        Assert.Equal("PATCH", (await api.GetAsync($"Patient/{id}/_history")).Json.GetProperty("entry")[0].GetProperty("request").GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_FHIRPath_Patch_comes_as_JSON_or_XML()
    {
        var id = await NewPatientAsync();
        const string Json = """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Patient.birthDate"},{"name":"value","valueDate":"1951-01-01"}]}]}""";
        Assert.Equal("1951-01-01", (await PatchAsync(id, Json, "application/fhir+json")).Json.GetProperty("birthDate").GetString());
        const string Xml = """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="delete"/></part><part><name value="path"/><valueString value="Patient.contact"/></part></parameter></Parameters>""";
        Assert.False((await PatchAsync(id, Xml, "application/fhir+xml")).Json.TryGetProperty("contact", out _));
        (await PatchAsync(id, FhirServer.Patient(id).ToJsonString(), "application/fhir+json")).IsOutcome(HttpStatusCode.BadRequest, "structure");
        var unread = await PatchAsync(id, "[]", "text/plain");
        unread.IsOutcome(HttpStatusCode.UnsupportedMediaType, "not-supported");
        Assert.Contains(JsonPatch, unread.Header("Accept-Patch"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "system/*.cruds", HttpStatusCode.OK)]
    [InlineData(true, "system/*.cruds", HttpStatusCode.OK)]
    [InlineData(false, "system/Patient.cruds", HttpStatusCode.UnprocessableEntity)]
    [InlineData(true, "system/Patient.cruds", HttpStatusCode.UnprocessableEntity)]
    public async Task A_path_asks_about_stored_value_sets_that_the_grant_opens(bool inTransaction, string scope, HttpStatusCode status)
    {
        var id = FhirServer.NewId();
        var patient = FhirServer.Patient(id);
        patient["maritalStatus"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://example.org/marital", ["code"] = "own" }) };
        await api.PutAsync(patient);
        var set = $"http://example.org/ValueSet/{id}";
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "ValueSet", ["id"] = id, ["url"] = set, ["status"] = "active",
            ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["system"] = "http://example.org/marital", ["concept"] = new JsonArray(new JsonObject { ["code"] = "own" }) }) },
        });
        var patch = $$$"""{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient.where(maritalStatus.memberOf('{{{set}}}'))"},{"name":"name","valueString":"active"},{"name":"value","valueBoolean":true}]}]}""";
        var token = api.Server.Token(scope);
        var answer = inTransaction
            ? await api.Server.SendAsync(HttpMethod.Post, "fhir/", token, $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{{patch}}},"request":{"method":"PATCH","url":"Patient/{{{id}}}"}}]}""")
            : await api.Server.SendAsync(HttpMethod.Patch, $"fhir/Patient/{id}", token, patch, "application/fhir+json");
        Assert.True(answer.Status == status, answer.Text);
        Assert.Equal(status == HttpStatusCode.OK, (await api.GetAsync("Patient/" + id)).Json.TryGetProperty("active", out var active) && active.GetBoolean());
    }

    [Fact]
    public async Task If_Match_holds_and_what_is_not_there_is_404()
    {
        var id = await NewPatientAsync();
        (await PatchAsync(id, "[]", headers: ("If-Match", "W/\"2\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        Assert.Equal("W/\"1\"", (await PatchAsync(id, "[]", headers: ("If-Match", "W/\"1\""))).Header("ETag"));
        (await PatchAsync("nobody", "[]")).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Fifty_patches_of_one_resource_are_all_in_it()
    {
        var id = await NewPatientAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => PatchAsync(id, $$$"""[{"op":"add","path":"/name/-","value":{"family":"writer {{{i}}}"}}]""")));
        var patient = await api.GetAsync($"Patient/{id}");
        Assert.Equal("W/\"51\"", patient.Header("ETag"));
        var families = patient.Json.GetProperty("name").EnumerateArray().Select(n => n.GetProperty("family").GetString()).ToHashSet();
        Assert.All(Enumerable.Range(0, 50), i => Assert.Contains($"writer {i}", families));
    }

    [Fact]
    public async Task A_patch_needs_update_on_what_is_there_and_on_what_it_makes_of_it()
    {
        var mine = FhirServer.NewId();
        await api.PutAsync(FhirServer.Observation(mine, "x"));
        var yours = FhirServer.NewId();
        await api.PutAsync(FhirServer.Observation(yours, "y"));
        Task<Answer> Try(string id, string patient, string scope) => api.Server.SendAsync(HttpMethod.Patch, $"fhir/Observation/{id}", api.Server.Token(scope, "x"),
            new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/subject/reference", ["value"] = $"Patient/{patient}" }).ToJsonString(), JsonPatch);
        (await Try(mine, "y", "patient/*.cruds")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await Try(yours, "x", "patient/*.cruds")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Try("nobodys", "x", "patient/*.cruds")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Try(mine, "x", "patient/*.crds")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal("W/\"1\"", (await api.GetAsync($"Observation/{yours}")).Header("ETag"));
        Assert.Equal("W/\"1\"", (await api.GetAsync($"Observation/{mine}")).Header("ETag"));
    }

    [Fact]
    public async Task Every_type_of_R4_that_can_be_stored_has_its_routes()
    {
        // The server alone writes AuditEvents.
        foreach (var type in FhirFacade.Storage.Schema.ResourceTables.Types.Where(type => type != "AuditEvent"))
        {
            (await api.Server.SendAsync(HttpMethod.Patch, $"fhir/{type}/nobody", api.Root, "[]", JsonPatch)).IsOutcome(HttpStatusCode.NotFound, "not-found");
            Assert.Equal(HttpStatusCode.NoContent, (await api.Server.SendAsync(HttpMethod.Delete, $"fhir/{type}/nobody", api.Root)).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await api.Server.SendAsync(HttpMethod.Post, $"fhir/{type}", api.Root, """{"resourceType":"Parameters"}""")).Status);
        }
    }
}
