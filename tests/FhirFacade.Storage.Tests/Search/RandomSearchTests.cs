using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// Random searches by random grants, each held against <see cref="NaiveSearch"/>: what is returned, counted, ordered and included
/// is exactly what the grant opens. A failure names the seed; run that one again.
/// </summary>
public sealed class RandomSearchTests : IAsyncLifetime
{
    private const int Queries = 500;

    private static readonly DateTimeOffset Begin = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SteppingClock clock = new();
    private TestDatabase? database;
    private NaiveSearch? naive;

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private NaiveSearch Naive => naive ?? throw new InvalidOperationException("Not there yet.");

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, clock);
        var stored = new List<(JsonElement, DateTimeOffset)>();
        foreach (var resource in new RandomHospital(20240701).Resources())
        {
            clock.Now += TimeSpan.FromMinutes(7);
            var outcome = await writer.UpdateAsync(
                resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, resource, null, SearchDatabase.Grant("system/*.cruds", null), CancellationToken.None);
            Assert.IsType<WriteOutcome.Created>(outcome);
            stored.Add((resource, clock.Now));
        }

        naive = new NaiveSearch(stored);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_limits_every_search_finds_what_a_scan_of_all_resources_finds()
    {
        var everything = SearchDatabase.Grant("system/*.rs", null);
        var hits = await CompareAllAsync(0, everything);

        Assert.True(hits > Queries / 4, $"Only {hits} searches found anything.");
    }

    [Fact]
    public async Task Whatever_the_grant_nothing_else_is_returned_counted_ordered_or_included()
    {
        await Database.ExecuteAsync("analyze");
        var hits = await CompareAllAsync(10_000, null);

        Assert.True(hits > Queries / 10, $"Only {hits} searches found anything.");
    }

    /// <summary>How many searches found something; all differences together, so that one run shows whether they are of one kind.</summary>
    private async Task<int> CompareAllAsync(int firstSeed, AccessGrant? fixedGrant)
    {
        var hits = 0;
        var differences = new List<string>();
        for (var seed = firstSeed; seed < firstSeed + Queries; seed++)
        {
            try
            {
                hits += await CompareAsync(seed, fixedGrant) > 0 ? 1 : 0;
            }
            catch (Xunit.Sdk.TrueException difference)
            {
                differences.Add(difference.Message);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} searches differ:\n\n{string.Join("\n\n", differences.Take(8))}");
        return hits;
    }

    private async Task<int> CompareAsync(int seed, AccessGrant? fixedGrant)
    {
        var random = new RandomQuery(Naive, seed);
        var type = random.Type();
        var grant = fixedGrant ?? random.Grant(type);
        var sort = random.Sort(type);
        var text = string.Join('&', new[] { random.Criteria(type, fixedGrant is null ? 0 : 1, fixedGrant is null ? 1 : 3), random.Includes(type), "_total=accurate", sort is null ? "" : "_sort=" + sort }.Where(p => p.Length > 0));
        var context = $"seed {seed}: {string.Join(' ', grant.Rules.Select(r => r.ToScope()))} patient {grant.PatientId}: {type}?{text}";

        var parsed = QueryParser.Parse(type, SearchDatabase.Parameters(text), lenient: false, clock);
        Assert.True(parsed.Query is not null, context + string.Join("; ", parsed.Issues.Select(i => i.Diagnostics)));
        var query = parsed.Query;
        var expected = Naive.Find(query, grant);
        var executor = new SearchExecutor(Database.DataSource, clock);
        if (Planner.Plan(query, grant) is not PlanOutcome.Planned { Plan: var plan })
        {
            Assert.True(expected.IsEmpty, context);
            return 0;
        }

        var page = await executor.ExecuteAsync(plan, TestContext.Current.CancellationToken);
        Check(expected.Take(query.Count).Select(r => r.Id), page.Matches.Select(r => r.Id), context);
        Assert.True(page.Total == expected.Length, context + $" total {page.Total} instead of {expected.Length}");
        Check(
            Naive.Included(query, grant, [.. expected.Take(query.Count)]).Select(r => r.Type + "/" + r.Id).Order(),
            page.Included.Select(r => r.Type + "/" + r.Id).Order(),
            context + " included");

        await using (var connection = await Database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            foreach (var path in new AccessPath?[] { new AccessPath.All(), new AccessPath.Few(), new AccessPath.Ordered(), new AccessPath.Walk(20), AccessPaths.PostingOf(plan) is { } term ? new AccessPath.Posting(term.Posting!.Value, 20) : null }.OfType<AccessPath>())
            {
                var byPath = await SearchExecutor.ExecuteAsync(plan, path, connection, TestContext.Current.CancellationToken);
                Check(page.Matches.Select(r => r.Id), byPath.Matches.Select(r => r.Id), context + " " + path);
                Assert.True(byPath.Total == expected.Length, context + " total " + path);
            }
        }

        var counted = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query with { Count = 0 }, grant)).Plan, TestContext.Current.CancellationToken);
        Assert.True(counted.Total == expected.Length && counted.Matches.IsEmpty && counted.Included.IsEmpty, context + " count");

        await ComparePagesAsync(executor, query with { Count = 3, Includes = [], RevIncludes = [] }, grant, [.. expected.Select(r => r.Id)], context);
        return expected.Length;
    }

    private static async Task ComparePagesAsync(SearchExecutor executor, SearchQuery query, AccessGrant grant, string[] expected, string context)
    {
        var forward = new List<string>();
        var backward = new List<string>();
        PageCursor? cursor = null;
        SearchPage page;
        do
        {
            page = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query, grant, cursor)).Plan, TestContext.Current.CancellationToken);
            forward.AddRange(page.Matches.Select(r => r.Id));
            cursor = page.Next;
        }
        while (cursor is not null && forward.Count < 30);

        Check(expected.Take(forward.Count), forward, context + " pages");
        Assert.True(cursor is not null || forward.Count == expected.Length, context + " pages end early");
        backward.InsertRange(0, page.Matches.Select(r => r.Id));
        while (page.Previous is not null)
        {
            page = await executor.ExecuteAsync(((PlanOutcome.Planned)Planner.Plan(query, grant, page.Previous)).Plan, TestContext.Current.CancellationToken);
            backward.InsertRange(0, page.Matches.Select(r => r.Id));
        }

        Check(forward, backward, context + " pages back");
    }

    private static void Check(IEnumerable<string> expected, IEnumerable<string> actual, string context)
    {
        var left = string.Join(' ', expected);
        var right = string.Join(' ', actual);
        Assert.True(left == right, $"{context}\nexpected: {left}\nfound:    {right}");
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
