using System.Net;
using static FhirFacade.Server.Tests.Rest.OwnSearchParameters;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>A site's own search parameters lead to nothing that the token does not open, and are not everybody's to change.</summary>
[Collection(nameof(OwnSearchParameters))]
public sealed class SearchParameterReachTests(OwnSearchParameters site) : IClassFixture<OwnSearchParameters>
{
    private const string Secret = "1234-5";

    [Fact]
    public async Task No_path_through_a_sites_parameter_shows_another_patient()
    {
        await WorldAsync();
        var ofX = site.Server.Token("patient/*.rs", "px");
        foreach (var (query, expected) in new[]
        {
            ("Observation?own-code=" + Secret, ""),
            ("Observation?own-code=718-7", "Observation/ox"),
            ("Observation?own-member.own-code=" + Secret, ""),
            ("Observation?own-member=Observation/oy&_include=Observation:own-member", "Observation/ox"),
            ("Patient?_has:Observation:own-subject:own-code=" + Secret, ""),
            ("Patient?_id=px&_revinclude=Observation:own-subject", "Patient/px"),
            ("Observation?_sort=own-code&_total=accurate", "Observation/ox"),
            ($"Observation?_filter=own-code eq \"{Secret}\"", ""),
            ("Observation?own-subject=Patient/py&_summary=count", ""),
        })
        {
            var answer = await site.Server.GetAsync("fhir/" + query, ofX);
            Assert.True(answer.Status == HttpStatusCode.OK, query + answer.Text);
            Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), answer.Matches);
            Assert.DoesNotContain(answer.Included, reference => reference is "Observation/oy" or "Patient/py");
            Assert.True(!answer.Json.TryGetProperty("total", out var total) || total.GetInt32() == answer.Matches.Count, query);
        }
    }

    [Fact]
    public async Task A_sites_parameter_opens_nothing_in_a_granular_scope()
    {
        await WorldAsync();
        foreach (var filter in new[] { "own-code=718-7", "own-code:not=718-7", "own-code:missing=false" })
        {
            var token = site.Server.Token($"system/Observation.rs?{filter}");
            var answer = await site.Server.GetAsync("fhir/Observation", token);
            Assert.True(answer.Status == HttpStatusCode.Forbidden || answer.Matches.Count == 0, filter + answer.Text);
        }
    }

    [Theory]
    [InlineData("patient/*.cruds", "px")]
    [InlineData("system/*.rs", null)]
    [InlineData("system/SearchParameter.rs", null)]
    [InlineData("system/Patient.cruds", null)]
    [InlineData("system/SearchParameter.cruds?status=active", null)]
    public async Task Who_may_not_change_search_parameters_may_not_have_anything_indexed(string scopes, string? patient)
    {
        var token = site.Server.Token(scopes, patient);
        foreach (var path in new[] { "$reindex", "SearchParameter/$reindex", "SearchParameter/any/$reindex" })
        {
            (await site.PostAsync(path, token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }

        (await site.Server.GetAsync("fhir/$reindex", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await site.Server.GetAsync("fhir/$reindex/1", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await site.Server.SendAsync(HttpMethod.Delete, "fhir/$reindex/1", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Server.SendAsync(HttpMethod.Post, "fhir/$reindex", null)).Status);
    }

    [Fact]
    public async Task Who_may_change_them_may_have_types_indexed_and_call_it_off()
    {
        var token = site.Server.Token(Administrator);
        Assert.Equal(HttpStatusCode.BadRequest, (await site.PostAsync("$reindex?type=Nonsense", token)).Status);
        var started = await site.PostAsync("$reindex?type=Patient,Observation", token);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        await CompletedAsync(site.Server, started.Header("Content-Location")!, token);
        (await site.Server.SendAsync(HttpMethod.Delete, new Uri(started.Header("Content-Location")!).PathAndQuery[1..], token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await site.Server.GetAsync("fhir/$reindex/999999", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("health/index", null)).Status);
    }

    private async Task WorldAsync()
    {
        foreach (var (patient, code) in new[] { ("px", "718-7"), ("py", Secret) })
        {
            await site.PutAsync(FhirServer.Patient(patient));
            await site.PutAsync(FhirServer.Observation("o" + patient[1..], patient, code));
        }

        var linked = FhirServer.Observation("ox", "px");
        linked["hasMember"] = new System.Text.Json.Nodes.JsonArray(TwoPatients.Reference("Observation/oy"));
        await site.PutAsync(linked);
        await site.PutAsync(Parameter("own-code", "own-code", "Observation.code", "token", "", "Observation"));
        await site.PutAsync(Parameter("own-member", "own-member", "Observation.hasMember", "reference", "Observation", "Observation"));
        await site.PutAsync(Parameter("own-subject", "own-subject", "Observation.subject", "reference", "Patient", "Observation"));
        var waiting = await site.PostAsync("SearchParameter/$reindex", site.Root);
        if (waiting.Status == HttpStatusCode.Accepted)
        {
            await CompletedAsync(site.Server, waiting.Header("Content-Location")!, site.Root);
        }
    }
}
