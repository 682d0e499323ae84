using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Orders and pages, and the links between them.</summary>
public sealed class PageReachTests(TwoPatients world) : OfTwoPatients(world)
{
    [Fact]
    public async Task Pages_of_everything_show_nothing_of_Y_and_everything_of_X_once()
    {
        foreach (var order in new[] { "", "&_sort=_lastUpdated", "&_sort=-_id" })
        {
            List<string> seen = [];
            for (var path = "fhir?_count=3" + order; path is not null;)
            {
                var page = await World.Server.GetAsync(path, World.OfX);
                Assert.Equal(HttpStatusCode.OK, page.Status);
                Assert.DoesNotContain(TwoPatients.Canary, page.Text, StringComparison.Ordinal);
                seen.AddRange(page.Matches);
                path = page.Link("next") is { } next ? new Uri(next).PathAndQuery[1..] : null;
            }
            Assert.Equal(10, seen.Count);
            Assert.Equal(10, seen.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("_sort=date", "moved x-1 x-2 x-panel x-vital")]
    [InlineData("_sort=-date", "x-vital x-panel x-2 x-1 moved")]
    [InlineData("_sort=-_lastUpdated", null)]
    [InlineData("_sort=-date&_count=2", "x-vital x-panel x-2 x-1 moved")]
    [InlineData("_count=1&_sort=date", "moved x-1 x-2 x-panel x-vital")]
    public async Task Sorting_and_paging_show_nothing_of_Y(string parameters, string? expected)
    {
        List<string> seen = [];
        var path = $"fhir/Observation?{parameters}";
        while (path is not null)
        {
            var page = await World.Server.GetAsync(path, World.OfX);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain(TwoPatients.Canary, page.Text, StringComparison.Ordinal);
            seen.AddRange(page.Matches);
            path = page.Link("next") is { } next ? new Uri(next).PathAndQuery[1..] : null;
        }
        if (expected is null)
        {
            Assert.Equal(5, seen.Distinct().Count());
        }
        else
        {
            // "moved" and x-1 have the same date; either may come first.
            Assert.Equal(expected.Split(' ').Select(Full).Order(), seen.Order());
            Assert.Equal(expected.Split(' ').Select(Full).Where(r => !r.EndsWith("/moved", StringComparison.Ordinal) && r != "Observation/x-1"),
                seen.Where(r => !r.EndsWith("/moved", StringComparison.Ordinal) && r != "Observation/x-1"));
        }
    }

    [Fact]
    public async Task A_page_link_of_another_client_or_patient_is_refused()
    {
        var ofRoot = Next(await World.Server.GetAsync("fhir/Observation?_count=1", World.Root));
        var ofX = Next(await AsX("Observation?_count=1"));
        (await World.Server.GetAsync(ofRoot, World.OfX)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await World.Server.GetAsync(ofX, World.OfY)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await World.Server.GetAsync(ofX, World.Server.Token("patient/*.rs", "x", client: "another"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await World.Server.GetAsync(ofX, World.Server.Token("patient/Observation.rs", "x"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(HttpStatusCode.OK, (await World.Server.GetAsync(ofX, World.OfX)).Status);
        (await World.Server.GetAsync(ofX.Replace("Observation", "Patient", StringComparison.Ordinal), World.OfX)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Page_links_have_nothing_readable_in_them()
    {
        var answer = await AsX("Observation?patient.name=Xavier&_count=1");
        var link = Next(answer);
        Assert.DoesNotContain("Xavier", link, StringComparison.OrdinalIgnoreCase);
        var state = link[(link.IndexOf("_page=", StringComparison.Ordinal) + 6)..].Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(state.PadRight((state.Length + 3) / 4 * 4, '='));
        Assert.DoesNotContain("Xavier", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.OrdinalIgnoreCase);
    }
}
