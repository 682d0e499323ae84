using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Pages that are read from the database while they are written.</summary>
public sealed class LongPageTests(FhirServer api) : IClassFixture<FhirServer>
{
    private const int Many = 450;

    private readonly string code = FhirServer.NewId();

    [Theory]
    [InlineData("")]
    [InlineData("&_sort=-date")]
    [InlineData("&_sort=date&_elements=status")]
    public async Task A_long_page_has_every_match_once_and_in_order_and_tells_the_total(string how)
    {
        await LoadAsync();
        var whole = await api.GetAsync($"Observation?code={code}&_count=1000{how}");
        Assert.Equal(HttpStatusCode.OK, whole.Status);
        Assert.Equal(Many, whole.Json.GetProperty("total").GetInt32());
        Assert.Null(whole.Link("next"));
        var ids = whole.Matches.ToList();
        Assert.Equal(Many, ids.Distinct(StringComparer.Ordinal).Count());

        // The same in pages of one slice each, and in one of several slices with another after it.
        var paged = new List<string>();
        var page = await api.GetAsync($"Observation?code={code}&_count=90{how}");
        paged.AddRange(page.Matches);
        while (page.Link("next") is { } next)
        {
            page = await FollowAsync(next);
            paged.AddRange(page.Matches);
        }
        Assert.Equal(paged, ids);
        var first = await api.GetAsync($"Observation?code={code}&_count=430{how}");
        Assert.Equal(ids[..430], first.Matches);
        var second = await FollowAsync(first.Link("next")!);
        Assert.Equal(ids[430..], second.Matches);
        Assert.Equal(ids[..430], (await FollowAsync(second.Link("previous")!)).Matches);
    }

    [Fact]
    public async Task No_slice_of_a_long_page_shows_more_than_the_grant_opens()
    {
        await LoadAsync();
        var answer = await api.Server.GetAsync($"fhir/Observation?code={code}&_count=1000", api.Server.Token("patient/*.rs", "long-1"));
        Assert.Equal(Many / 2, answer.Matches.Count);
        Assert.DoesNotContain("Patient/long-0", answer.Text, StringComparison.Ordinal);
        (await api.Server.GetAsync($"fhir/Observation?code={code}&_count=1000", api.Server.Token("patient/Patient.rs", "long-1"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task What_is_brought_along_comes_with_a_long_page_as_a_whole()
    {
        await LoadAsync();
        var answer = await api.GetAsync($"Observation?code={code}&_count=1000&_include=Observation:subject");
        Assert.Equal(Many, answer.Matches.Count);
        Assert.Equal(["Patient/long-0", "Patient/long-1"], answer.Included.Order(StringComparer.Ordinal));
    }

    private async Task LoadAsync()
    {
        var entries = new JsonArray();
        foreach (var patient in new[] { "long-0", "long-1" })
        {
            entries.Add(Entry("PUT", $"Patient/{patient}", FhirServer.Patient(patient)));
        }
        for (var i = 0; i < Many; i++)
        {
            var observation = FhirServer.Observation("x", $"long-{i % 2}", code, $"2024-{(i % 12) + 1:00}-{(i % 28) + 1:00}T07:08:09Z");
            observation.Remove("id");
            entries.Add(Entry("POST", "Observation", observation));
        }
        var answer = await api.Server.SendAsync(HttpMethod.Post, "fhir", api.Root, new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = entries }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private static JsonObject Entry(string method, string url, JsonObject resource) =>
        new() { ["request"] = new JsonObject { ["method"] = method, ["url"] = url }, ["resource"] = resource };

    private Task<Answer> FollowAsync(string link) => api.Server.GetAsync(new Uri(link).PathAndQuery, api.Root);
}
