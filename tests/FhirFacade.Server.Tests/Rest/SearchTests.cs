using System.Net;
using System.Text.Json;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>The outer shape of a search: the Bundle, its links, preferences and errors. What is found is the Storage room's business.</summary>
public sealed class SearchTests(TwoPatients world) : IClassFixture<TwoPatients>
{
    private Task<Answer> GetAsync(string path, params (string, string)[] headers) => world.Server.GetAsync("fhir/" + path, world.Root, headers);

    [Fact]
    public async Task A_searchset_has_absolute_urls_modes_and_a_self_link()
    {
        var answer = await GetAsync("Observation?code=http%3A%2F%2Floinc.org%7C718-7&_include=Observation:subject&_total=accurate");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/fhir+json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("searchset", answer.Json.GetProperty("type").GetString());
        Assert.Equal(3, answer.Json.GetProperty("total").GetInt32());
        Assert.Equal(["Observation/x-1", "Observation/x-2", "Observation/y-1"], answer.Matches.Order());
        Assert.Equal(["Patient/x", "Patient/y"], answer.Included.Order());
        foreach (var entry in answer.Json.GetProperty("entry").EnumerateArray())
        {
            var resource = entry.GetProperty("resource");
            Assert.Equal($"{world.Server.Settings.FhirBase}/{resource.GetProperty("resourceType")}/{resource.GetProperty("id")}", entry.GetProperty("fullUrl").GetString());
        }
        var again = await world.Server.GetAsync(new Uri(answer.Link("self")!).PathAndQuery, world.Root);
        Assert.Equal(answer.Matches, again.Matches);
    }

    [Fact]
    public async Task It_is_a_valid_Bundle()
    {
        foreach (var search in new[] { "Observation", "Observation?code=none", "Observation?_summary=count", "Observation?nonsense=1", "Observation?_count=1" })
        {
            var answer = await GetAsync(search);
            Assert.Empty(FhirFacade.Fhir.Validation.StructureValidator.Validate(answer.Json).Where(i => i.IsError));
        }
    }

    [Fact]
    public async Task An_entry_is_the_stored_resource_byte_for_byte()
    {
        var read = await GetAsync("Observation/x-1");
        var entry = (await GetAsync("Observation?_id=x-1")).Json.GetProperty("entry")[0].GetProperty("resource");
        Assert.Equal(read.Text, entry.GetRawText());
    }

    [Fact]
    public async Task Pages_lead_forward_and_back_over_every_match_once()
    {
        var all = (await GetAsync("Observation?_sort=date&_count=100")).Matches;
        List<string> forward = [];
        var page = await GetAsync("Observation?_sort=date&_count=3");
        Assert.Null(page.Link("previous"));
        forward.AddRange(page.Matches);
        while (page.Link("next") is { } next)
        {
            page = await world.Server.GetAsync(new Uri(next).PathAndQuery, world.Root);
            forward.AddRange(page.Matches);
            Assert.Equal(next, page.Link("self"));
        }
        Assert.Equal(all, forward);
        var backward = page.Matches.Reverse().ToList();
        while (page.Link("previous") is { } previous)
        {
            page = await world.Server.GetAsync(new Uri(previous).PathAndQuery, world.Root);
            backward.AddRange(page.Matches.Reverse());
        }
        Assert.Equal(all, backward.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task A_page_link_keeps_the_form_of_the_first_page()
    {
        var first = await GetAsync("Observation?_count=1&_summary=true&_pretty=true&_format=json&_sort=date");
        var second = await world.Server.GetAsync(new Uri(first.Link("next")!).PathAndQuery, world.Root, ("Accept", "text/turtle"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Contains('\n', second.Text);
        Assert.Equal("SUBSETTED", second.Json.GetProperty("entry")[0].GetProperty("resource").GetProperty("meta").GetProperty("tag")[0].GetProperty("code").GetString());
        var back = await world.Server.GetAsync(new Uri(second.Link("first")!).PathAndQuery, world.Root);
        Assert.Equal(first.Matches, back.Matches);
    }

    [Fact]
    public async Task An_unknown_parameter_is_left_out_with_a_warning_or_refused_when_strict()
    {
        var lenient = await GetAsync("Observation?nonsense=1&code=panel");
        Assert.Equal(["Observation/x-panel"], lenient.Matches);
        Assert.DoesNotContain("nonsense", lenient.Link("self"), StringComparison.Ordinal);
        var outcome = lenient.Json.GetProperty("entry").EnumerateArray().Single(e => e.GetProperty("search").GetProperty("mode").GetString() == "outcome");
        Assert.Equal("warning", outcome.GetProperty("resource").GetProperty("issue")[0].GetProperty("severity").GetString());
        (await GetAsync("Observation?nonsense=1&code=panel", ("Prefer", "handling=strict"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
        Assert.Equal(["Observation/x-panel"], (await GetAsync("Observation?nonsense=1&code=panel", ("Prefer", "handling=lenient"))).Matches);
    }

    [Theory]
    [InlineData("Observation?date=yesterday")]
    [InlineData("Observation?code:above=1")]
    [InlineData("Observation?_count=many")]
    [InlineData("Observation?_summary=some")]
    [InlineData("Observation?_total=perhaps")]
    [InlineData("Observation?_page=forged")]
    [InlineData("Observation?_page=")]
    public async Task A_value_that_cannot_be_read_is_400_and_not_repeated(string search)
    {
        var answer = await GetAsync(search);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("OperationOutcome", answer.Json.GetProperty("resourceType").GetString());
        Assert.DoesNotContain("yesterday", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_by_POST_reads_body_and_address()
    {
        var answer = await world.Server.SendAsync(HttpMethod.Post, "fhir/Observation/_search?patient=x", world.Root, "code=718-7&_sort=date", "application/x-www-form-urlencoded");
        Assert.Equal(["Observation/x-1", "Observation/x-2"], answer.Matches);
        var encoded = await world.Server.SendAsync(HttpMethod.Post, "fhir/Patient/_search", world.Root, "given=%C3%84nne&family=Xavier&gender=female", "application/x-www-form-urlencoded; charset=utf-8");
        Assert.Equal(["Patient/x"], encoded.Matches);
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/Observation/_search", world.Root, "{}", "application/json")).IsOutcome(HttpStatusCode.UnsupportedMediaType, "not-supported");
        (await world.Server.SendAsync(HttpMethod.Get, "fhir/Observation/_search", world.Root)).IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/Observation/_search", world.Root, "code=" + new string('x', 300_000), "application/x-www-form-urlencoded"))
            .IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
    }

    [Fact]
    public async Task HEAD_finds_without_showing()
    {
        var answer = await world.Server.SendAsync(HttpMethod.Head, "fhir/Observation?code=718-7", world.Root);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Body);
    }

    [Fact]
    public async Task Names_of_parameters_are_read_as_they_are_written()
    {
        var answer = await GetAsync("Observation?CODE=718-7&code=panel", ("Prefer", "handling=strict"));
        answer.IsOutcome(HttpStatusCode.BadRequest, "not-supported");
    }

    [Fact]
    public async Task More_parameters_than_anybody_needs_are_refused()
    {
        var query = string.Join('&', Enumerable.Repeat("code=1", 300));
        (await GetAsync("Observation?" + query)).IsOutcome(HttpStatusCode.BadRequest, "too-costly");
    }

    [Fact]
    public async Task A_result_that_fits_one_page_has_its_total_unasked()
    {
        Assert.Equal(3, (await GetAsync("Observation?code=718-7")).Json.GetProperty("total").GetInt32());
        Assert.Equal(0, (await GetAsync("Observation?code=none")).Json.GetProperty("total").GetInt32());
        Assert.False((await GetAsync("Observation?code=718-7&_count=1")).Json.TryGetProperty("total", out _));
    }

    [Fact]
    public async Task A_count_alone_has_no_entries()
    {
        var answer = await GetAsync("Observation?code=718-7&_summary=count");
        Assert.Equal(3, answer.Json.GetProperty("total").GetInt32());
        Assert.False(answer.Json.TryGetProperty("entry", out _));
        Assert.Equal(JsonValueKind.Array, answer.Json.GetProperty("link").ValueKind);
    }
}
