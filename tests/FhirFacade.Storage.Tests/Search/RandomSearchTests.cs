using System.Globalization;
using System.Text.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// Random searches by random grants, each held against <see cref="NaiveSearch"/>: what is returned, counted, ordered and included
/// is exactly what the grant opens. A failure names the seed; run that one again.
/// </summary>
public sealed class RandomSearchTests
{
    private const int OfEach = 500;

    private static readonly DateTimeOffset Begin = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    // In all, by FHIRFACADE_SEARCHES; each hospital answers as many as one run of tests asks.
    private static readonly int searches = int.TryParse(Environment.GetEnvironmentVariable("FHIRFACADE_SEARCHES"), CultureInfo.InvariantCulture, out var wanted) ? wanted : OfEach;

    [Fact]
    public async Task Without_limits_every_search_finds_what_a_scan_of_all_resources_finds()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var hits = await (await OracleAsync(database, 20240701)).CompareAllAsync(Enumerable.Range(0, OfEach), SearchDatabase.Grant("system/*.rs", null), thorough: _ => true);

        Assert.True(hits > OfEach / 4, $"Only {hits} searches found anything.");
    }

    [Fact]
    public async Task Whatever_the_grant_nothing_else_is_returned_counted_ordered_or_included()
    {
        var hits = 0;
        for (var first = 0; first < searches; first += OfEach)
        {
            await using var database = await TestCluster.NewDatabaseAsync();
            var oracle = await OracleAsync(database, 20240702 + first);
            await database.ExecuteAsync("analyze");
            hits += await oracle.CompareAllAsync(Enumerable.Range(10_000 + first, Math.Min(OfEach, searches - first)), null, thorough: seed => seed % 4 == 0);
        }

        Assert.True(hits > searches / 10, $"Only {hits} searches found anything.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{hits} of {searches} searches by as many grants found something");
    }

    [Fact]
    public async Task What_is_contained_is_found_with_its_container_and_never_without()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var oracle = await OracleAsync(database, 20240701);
        var hits = await oracle.CompareContainedAsync(Enumerable.Range(20_000, OfEach / 2), SearchDatabase.Grant("system/*.rs", null));
        Assert.True(hits > OfEach / 8, $"Only {hits} searches found anything.");

        hits = await oracle.CompareContainedAsync(Enumerable.Range(30_000, OfEach / 2), null);
        Assert.True(hits > OfEach / 40, $"Only {hits} searches found anything.");
    }

    private static async Task<SearchOracle> OracleAsync(TestDatabase database, int seed)
    {
        var clock = new SteppingClock();
        var writer = new ResourceWriter(database.DataSource, clock);
        var stored = new List<(JsonElement, DateTimeOffset)>();
        foreach (var resource in new RandomHospital(seed, staffed: true).Resources())
        {
            clock.Now += TimeSpan.FromMinutes(7);
            var outcome = await writer.UpdateAsync(
                resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!, resource, null, SearchDatabase.Grant("system/*.cruds", null), CancellationToken.None);
            Assert.IsType<WriteOutcome.Created>(outcome);
            stored.Add((resource, clock.Now));
        }

        return new SearchOracle(database, new NaiveSearch(stored), clock) { Wide = true };
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
