using System.Net;

namespace FhirFacade.Server.Tests.Rest;

public sealed class HistoryTests(FhirServer api) : IClassFixture<FhirServer>
{
    [Fact]
    public async Task The_history_of_a_resource_has_every_version_newest_first()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id, "A"));
        await api.PutAsync(FhirServer.Patient(id, "B"));
        await api.Server.SendAsync(HttpMethod.Delete, $"fhir/Patient/{id}", api.Root);
        var answer = await api.GetAsync($"Patient/{id}/_history");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("history", answer.Json.GetProperty("type").GetString());
        var entries = answer.Json.GetProperty("entry").EnumerateArray().ToList();
        Assert.Equal(["DELETE", "PUT", "PUT"], entries.Select(e => e.GetProperty("request").GetProperty("method").GetString()));
        Assert.Equal(["W/\"3\"", "W/\"2\"", "W/\"1\""], entries.Select(e => e.GetProperty("response").GetProperty("etag").GetString()));
        Assert.False(entries[0].TryGetProperty("resource", out _));
        Assert.Equal("B", entries[1].GetProperty("resource").GetProperty("name")[0].GetProperty("family").GetString());
        Assert.All(entries, e => Assert.Equal($"{api.Server.Settings.FhirBase}/Patient/{id}", e.GetProperty("fullUrl").GetString()));
    }

    [Fact]
    public async Task It_is_paged_and_every_version_comes_once()
    {
        var id = FhirServer.NewId();
        for (var i = 0; i < 7; i++)
        {
            await api.PutAsync(FhirServer.Patient(id, $"Name {i}"));
        }
        List<string> seen = [];
        var path = $"fhir/Patient/{id}/_history?_count=3";
        while (path is not null)
        {
            var page = await api.Server.GetAsync(path, api.Root);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            seen.AddRange(page.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("response").GetProperty("etag").GetString()!));
            path = page.Link("next") is { } next ? new Uri(next).PathAndQuery : null;
        }
        Assert.Equal(["W/\"7\"", "W/\"6\"", "W/\"5\"", "W/\"4\"", "W/\"3\"", "W/\"2\"", "W/\"1\""], seen);
    }

    [Fact]
    public async Task A_page_link_is_of_no_use_elsewhere_or_to_others()
    {
        var id = FhirServer.NewId();
        await api.PutAsync(FhirServer.Patient(id, "A"));
        await api.PutAsync(FhirServer.Patient(id, "B"));
        var next = new Uri((await api.GetAsync($"Patient/{id}/_history?_count=1")).Link("next")!).PathAndQuery[1..];
        Assert.Equal(HttpStatusCode.OK, (await api.Server.GetAsync(next, api.Root)).Status);
        (await api.Server.GetAsync(next, api.Server.Token("system/*.cruds", client: "another"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.Server.GetAsync(next, api.Server.Token("system/*.rs"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.Server.GetAsync(next.Replace(id, "other", StringComparison.Ordinal), api.Root)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.Server.GetAsync(next[..^3] + "AAA", api.Root)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.Server.GetAsync(next[..(next.IndexOf('=', StringComparison.Ordinal) + 1)] + "!!!", api.Root)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Server.GetAsync(next, token: null)).Status);
    }

    [Fact]
    public async Task The_history_of_a_type_starts_with_the_newest_and_since_cuts_it()
    {
        await api.PutAsync(FhirServer.Patient(FhirServer.NewId()));
        var newest = await api.PutAsync(FhirServer.Patient(FhirServer.NewId()));
        var id = newest.Json.GetProperty("id").GetString();
        var time = newest.Json.GetProperty("meta").GetProperty("lastUpdated").GetString();
        var all = await api.GetAsync("Patient/_history?_count=500");
        Assert.True(all.Json.GetProperty("entry").GetArrayLength() >= 2);
        var since = await api.GetAsync($"Patient/_history?_since={time}&_count=500");
        var ids = since.Json.GetProperty("entry").EnumerateArray().Where(e => e.TryGetProperty("resource", out _)).Select(e => e.GetProperty("resource").GetProperty("id").GetString());
        Assert.Contains(id, ids);
        Assert.False((await api.GetAsync("Patient/_history?_since=2999-01-01T00:00:00Z")).Json.TryGetProperty("entry", out _));
    }

    [Fact]
    public async Task Nothing_ever_there_is_404_and_a_wrong_parameter_400()
    {
        (await api.GetAsync($"Patient/{FhirServer.NewId()}/_history")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await api.GetAsync("Patient/_history?_since=yesterday")).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.GetAsync("Patient/_history?_count=many")).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.GetAsync("Patient/_history?_at=soon")).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await api.GetAsync("Martian/_history")).IsOutcome(HttpStatusCode.NotFound, "not-supported");
    }

    [Fact]
    public async Task The_history_of_the_system_has_every_type_that_the_grant_opens_page_by_page()
    {
        var (patient, observation) = (FhirServer.NewId(), FhirServer.NewId());
        var first = await api.PutAsync(FhirServer.Patient(patient));
        await api.PutAsync(FhirServer.Observation(observation, patient));
        await api.PutAsync(FhirServer.Patient(patient, "Later"));
        await api.Server.SendAsync(HttpMethod.Delete, $"fhir/Observation/{observation}", api.Root);
        var since = first.Json.GetProperty("meta").GetProperty("lastUpdated").GetString();
        List<string> seen = [];
        var path = $"fhir/_history?_since={since}&_count=1";
        while (path is not null)
        {
            var page = await api.Server.GetAsync(path, api.Root);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            seen.AddRange(page.Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("request").GetProperty("method").GetString() + new Uri(e.GetProperty("fullUrl").GetString()!).AbsolutePath));
            path = page.Link("next") is { } next ? new Uri(next).PathAndQuery[1..] : null;
        }
        string[] mine = [$"DELETE/fhir/Observation/{observation}", $"PUT/fhir/Patient/{patient}", $"PUT/fhir/Observation/{observation}", $"PUT/fhir/Patient/{patient}"];
        Assert.Equal(mine, seen.Where(s => s.EndsWith(patient, StringComparison.Ordinal) || s.EndsWith(observation, StringComparison.Ordinal)));
        var ofX = await api.Server.GetAsync($"fhir/_history?_since={since}&_count=1000", api.Server.Token("patient/*.rs", patient));
        Assert.All(ofX.Json.GetProperty("entry").EnumerateArray(), e => Assert.Contains(e.GetProperty("fullUrl").GetString()!.Split('/')[^1], new[] { patient, observation }));
        Assert.False((await api.Server.GetAsync("fhir/_history", api.Server.Token("openid"))).Json.TryGetProperty("entry", out _));
    }

    [Fact]
    public async Task At_gives_the_versions_that_were_current_then()
    {
        var id = FhirServer.NewId();
        List<string> times = [];
        for (var i = 0; i < 3; i++)
        {
            times.Add((await api.PutAsync(FhirServer.Patient(id, $"Name {i}"))).Json.GetProperty("meta").GetProperty("lastUpdated").GetString()!);
        }
        async Task<string[]> At(string time) => (await api.GetAsync($"Patient/{id}/_history?_at={time}")).Json is var json && json.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(e => e.GetProperty("response").GetProperty("etag").GetString()!)]
            : [];
        Assert.Equal(["W/\"1\""], await At(times[0]));
        Assert.Equal(["W/\"2\""], await At(times[1]));
        Assert.Equal(["W/\"3\""], await At("2999-01-01"));
        Assert.Equal(["W/\"3\"", "W/\"2\"", "W/\"1\""], await At(times[0][..10]));
        Assert.Empty(await At("2001"));
    }
}
