using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Conditional create, update, patch and delete (R4 http.html).</summary>
public sealed class ConditionalTests(FhirServer api) : IClassFixture<FhirServer>
{
    private readonly string number = FhirServer.NewId();

    private string Criteria => $"identifier=urn:test|{number}";

    private Task<Answer> SendAsync(HttpMethod method, string path, JsonObject? body = null, params (string, string)[] headers) =>
        api.Server.SendAsync(method, "fhir/" + path, api.Root, body?.ToJsonString(), headers: headers);

    private JsonObject Patient(string family = "Muster", string? id = null)
    {
        var patient = FhirServer.Patient(id ?? "x", family);
        patient["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:test", ["value"] = number });
        if (id is null)
        {
            patient.Remove("id");
        }
        return patient;
    }

    private async Task<int> CountAsync() => (await api.GetAsync($"Patient?{Criteria}&_summary=count")).Json.GetProperty("total").GetInt32();

    [Fact]
    public async Task Fifty_clients_that_create_the_same_make_it_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => SendAsync(HttpMethod.Post, "Patient", Patient($"racer {i}"), ("If-None-Exist", Criteria))));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.Single(answers.Select(a => a.Json.GetProperty("id").GetString()).Distinct());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Fifty_conditional_updates_of_what_is_not_there_make_it_once_and_lose_nothing()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient($"racer {i}"))));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(50, answers.Select(a => a.Header("ETag")).Distinct().Count());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task An_update_by_condition_is_of_the_one_match()
    {
        var created = await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient());
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var id = created.Json.GetProperty("id").GetString()!;
        var updated = await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient("New", id));
        Assert.Equal("W/\"2\"", updated.Header("ETag"));
        (await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient("New", "another"))).IsOutcome(HttpStatusCode.BadRequest, "value");
        (await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient("Late"), ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        await SendAsync(HttpMethod.Post, "Patient", Patient());
        (await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient())).IsOutcome(HttpStatusCode.PreconditionFailed, "multiple-matches");
        (await SendAsync(HttpMethod.Delete, $"Patient?{Criteria}")).IsOutcome(HttpStatusCode.PreconditionFailed, "multiple-matches");
        (await SendAsync(HttpMethod.Post, "Patient", Patient(), ("If-None-Exist", Criteria))).IsOutcome(HttpStatusCode.PreconditionFailed, "multiple-matches");
    }

    [Fact]
    public async Task An_id_that_is_taken_is_not_given_again_by_a_condition_that_matches_nothing()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id));
        (await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient("Thief", id))).IsOutcome(HttpStatusCode.Conflict, "conflict");
        (await SendAsync(HttpMethod.Put, $"Patient/{id}", FhirServer.Patient(id, "Thief"), ("If-None-Match", "*"))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        var own = FhirServer.NewId();
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Put, $"Patient?{Criteria}", Patient("New", own))).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"Patient/{own}")).Status);
    }

    [Fact]
    public async Task A_deletion_and_a_patch_by_condition_are_of_the_one_match()
    {
        (await api.Server.SendAsync(HttpMethod.Patch, $"fhir/Patient?{Criteria}", api.Root, "[]", "application/json-patch+json")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"Patient?{Criteria}")).Status);
        await SendAsync(HttpMethod.Post, "Patient", Patient());
        var patched = await api.Server.SendAsync(HttpMethod.Patch, $"fhir/Patient?{Criteria}", api.Root, """[{"op":"replace","path":"/gender","value":"other"}]""", "application/json-patch+json");
        Assert.Equal("other", patched.Json.GetProperty("gender").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"Patient?{Criteria}")).Status);
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("_format=json")]
    [InlineData("unknown=1")]
    [InlineData("birthdate=nonsense")]
    public async Task A_condition_that_says_nothing_is_refused(string criteria)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Delete, $"Patient?{criteria}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, $"Patient?{criteria}", Patient())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, "Patient", Patient(), ("If-None-Exist", criteria))).Status);
    }

    [Fact]
    public async Task A_condition_needs_the_right_to_search()
    {
        async Task<HttpStatusCode> Try(HttpMethod method, string scope, string? ifNoneExist = null)
        {
            var path = ifNoneExist is null ? $"fhir/Patient?{Criteria}" : "fhir/Patient";
            (string, string)[] headers = ifNoneExist is null ? [] : [("If-None-Exist", ifNoneExist)];
            return (await api.Server.SendAsync(method, path, api.Server.Token(scope), Patient().ToJsonString(), headers: headers)).Status;
        }
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Post, "system/*.crud", Criteria));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Put, "system/*.crud"));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Patch, "system/*.crud"));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Delete, "system/*.crud"));
        Assert.Equal(HttpStatusCode.Forbidden, await Try(HttpMethod.Put, "system/*.us"));
        Assert.Equal(HttpStatusCode.Created, await Try(HttpMethod.Post, "system/*.cs", Criteria));
    }
}
