using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Attacks.Http;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Tests.Consents;
using FhirFacade.Storage.Tests.Search;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.OverHttp;

/// <summary>
/// Random searches and reads over HTTP, by tokens of every kind: patients, practitioners with their teams, systems, granular scopes, clients whose policies mask elements and exclude
/// labels, for several purposes, while patients deny and permit at random. What is returned, shown, counted, ordered, included and paged through is what a scan of all resources says
/// is open. A failure names the seed; <c>FHIRFACADE_RANDOM_REQUESTS</c> asks for another number of searches than 300.
/// </summary>
public sealed class RandomRequestTests
{
    private const int OfEach = 500;
    private const int WithTheSameConsents = 20;
    private const string Label = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R";

    private static readonly string[] purposes = ["TREAT", "HRESCH", "HPAYMT"];
    private static readonly int searches = int.TryParse(Environment.GetEnvironmentVariable("FHIRFACADE_RANDOM_REQUESTS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 300;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConsentMode.OptOut)]
    [InlineData(ConsentMode.OptIn)]
    public async Task Whoever_asks_for_whatever_gets_what_is_open_and_nothing_else(ConsentMode mode)
    {
        var (found, closed, differences, share) = (0, 0, new List<string>(), searches / 2);
        for (var first = 0; first < share; first += OfEach)
        {
            await using var database = await TestCluster.NewDatabaseAsync();
            var naive = await FilledAsync(database, 20240801 + first + (int)mode);
            var consents = new NaiveConsents(naive);
            naive.Consented = (resource, grant, _) => consents.Open(resource, grant, isDeletion: false);
            await using var server = await RunningServer.StartAsync(database.DataSource, new SmartOptions { UserAccess = UserRelation.CareTeam }, demo: false, access: Access(mode));
            for (var seed = 90_000 + first; seed < 90_000 + Math.Min(first + OfEach, share); seed++)
            {
                if (seed % WithTheSameConsents == 0)
                {
                    await consents.WriteAsync(database, new Random(seed));
                }

                try
                {
                    var asked = new RandomRequest(naive, seed, mode, purposes, Label);
                    found += await SearchAsync(server, naive, asked) > 0 ? 1 : 0;
                    closed += await ReadAsync(server, naive, asked) ? 0 : 1;
                }
                catch (Xunit.Sdk.TrueException difference)
                {
                    differences.Add(difference.Message);
                }
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} requests differ:\n\n{string.Join("\n\n", differences.Take(8))}");
        Assert.True(found > share / 20 && closed > share / 20, $"Only {found} searches found anything, and {closed} reads were closed.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} of {share} searches found something, {closed} of as many reads were closed");
    }

    private static AccessOptions Access(ConsentMode mode) => new()
    {
        Consent = mode,
        SensitiveCategories = SensitiveAccess.Open,
        PurposesOfUse = purposes,
        Policies = [.. RandomGrant.Masks.Select((mask, i) => new ClientPolicyOptions { Client = RandomRequest.ClientOf(i), Masked = mask.Paths, ExcludedLabels = i % 2 == 0 ? [Label] : [] })],
    };

    private static async Task<NaiveSearch> FilledAsync(TestDatabase database, int seed)
    {
        var clock = new SteppingClock();
        var writer = new ResourceWriter(database.DataSource, clock);
        var stored = new List<(JsonElement, DateTimeOffset)>();
        foreach (var resource in new ConsentedHospital(seed).Resources())
        {
            clock.Now += TimeSpan.FromMinutes(7);
            var outcome = await writer.UpdateAsync(
                resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, resource, null, SearchDatabase.Grant("system/*.cruds", null), Stop);
            Assert.IsType<WriteOutcome.Created>(outcome);
            stored.Add((resource, clock.Now));
        }

        await database.ExecuteAsync("analyze");
        return new NaiveSearch(stored);
    }

    private static Task<Answer> SendAsync(RunningServer server, RandomRequest asked, string text)
    {
        var form = string.Join('&', SearchDatabase.Parameters(text).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return asked.IsPosted
            ? server.SendAsync(HttpMethod.Post, $"fhir/{asked.Type}/_search", asked.Token(server), form, "application/x-www-form-urlencoded", asked.Headers)
            : server.GetAsync($"fhir/{asked.Type}?{form}", asked.Token(server), asked.Headers);
    }

    // How many match.
    private static async Task<int> SearchAsync(RunningServer server, NaiveSearch naive, RandomRequest asked)
    {
        var parsed = QueryParser.Parse(asked.Type, SearchDatabase.Parameters(asked.Text), lenient: false, TimeProvider.System);
        Assert.True(parsed.Query is not null, asked + string.Join("; ", parsed.Issues.Select(issue => issue.Diagnostics)));
        var (query, seen) = (parsed.Query, naive.Without(asked.Grant.Masked));
        var expected = seen.Find(query, asked.Grant);
        var answer = await SendAsync(server, asked, asked.Text);
        if (answer.Status == HttpStatusCode.Forbidden)
        {
            // A type of which nothing is open, or what looks at a masked element: refused whatever is there.
            Assert.True(expected.IsEmpty || !asked.Grant.Masked.IsNone, $"{asked}: refused");
            return 0;
        }

        Assert.True(answer.Status == HttpStatusCode.OK, $"{asked}: {answer.Status} {answer.Text}");
        var first = expected.Take(query.Count).ToList();
        Check(first, answer.Matches, $"{asked}");
        Assert.True(answer.Json.GetProperty("total").GetInt32() == expected.Length, $"{asked}: a total of {answer.Json.GetProperty("total")} instead of {expected.Length}");
        Check(seen.Included(query, asked.Grant, first).OrderBy(Name, StringComparer.Ordinal), answer.Included.Order(StringComparer.Ordinal), $"{asked} included");
        CheckContent(seen, answer, asked);
        var counted = await SendAsync(server, asked, asked.Text.Replace("_total=accurate", "_summary=count", StringComparison.Ordinal));
        Assert.True(counted.Json.GetProperty("total").GetInt32() == expected.Length && counted.Entries.Count == 0, $"{asked} counted");
        await PagesAsync(server, asked, expected);
        return expected.Length;
    }

    private static async Task PagesAsync(RunningServer server, RandomRequest asked, IReadOnlyList<NaiveResource> expected)
    {
        if (expected.Count < 4 || asked.Seed % 4 != 0)
        {
            return;
        }

        var found = new List<string>();
        for (var page = await SendAsync(server, asked, asked.Text + "&_count=3"); ; page = await server.GetAsync(page.Link("next")!, asked.Token(server), asked.Headers))
        {
            Assert.True(page.Status == HttpStatusCode.OK, $"{asked}: a page, {page.Status}");
            found.AddRange(page.Matches);
            if (page.Link("next") is null || found.Count > 30)
            {
                Assert.True(page.Link("next") is not null || found.Count == expected.Count, $"{asked}: pages end early");
                break;
            }
        }

        Check(expected.Take(found.Count), found, $"{asked} pages");
    }

    // Whether what was asked for is open.
    private static async Task<bool> ReadAsync(RunningServer server, NaiveSearch naive, RandomRequest asked)
    {
        var isOpen = naive.Allowed(asked.Read, asked.Grant, Interactions.Read);
        foreach (var address in new[] { Name(asked.Read), Name(asked.Read) + "/_history/1" })
        {
            var answer = await server.GetAsync("fhir/" + address, asked.Token(server), asked.Headers);
            Assert.True((answer.Status == HttpStatusCode.OK) == isOpen && (isOpen || answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden), $"{asked}: {address} {answer.Status}");
            if (isOpen)
            {
                Assert.True(JsonNode.DeepEquals(NaiveMask.Content(NaiveMask.Of(asked.Read.Document, asked.Grant.Masked)), NaiveMask.Content(answer.Json)), $"{asked} shows {address} otherwise");
            }
        }

        return isOpen;
    }

    private static void CheckContent(NaiveSearch seen, Answer answer, RandomRequest asked)
    {
        var shown = seen.Resources.ToDictionary(Name);
        foreach (var entry in answer.Json.TryGetProperty("entry", out var entries) ? entries.EnumerateArray().Select(entry => entry.GetProperty("resource")) : [])
        {
            if (entry.GetProperty("resourceType").GetString() is not "OperationOutcome" and var type)
            {
                var resource = shown[$"{type}/{entry.GetProperty("id").GetString()}"];
                Assert.True(JsonNode.DeepEquals(NaiveMask.Content(resource.Document), NaiveMask.Content(entry)), $"{asked} shows {Name(resource)} otherwise");
            }
        }
    }

    private static string Name(NaiveResource resource) => $"{resource.Type}/{resource.Id}";

    private static void Check(IEnumerable<NaiveResource> expected, IEnumerable<string> actual, string context)
    {
        var (left, right) = (string.Join(' ', expected.Select(Name)), string.Join(' ', actual));
        Assert.True(left == right, $"{context}\nexpected: {left}\nfound:    {right}");
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
