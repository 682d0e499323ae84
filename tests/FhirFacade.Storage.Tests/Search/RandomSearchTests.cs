using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
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

    private SearchOracle Oracle => new(Database, naive ?? throw new InvalidOperationException("Not there yet."), clock);

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
        var hits = await Oracle.CompareAllAsync(Enumerable.Range(0, Queries), everything, thorough: _ => true);

        Assert.True(hits > Queries / 4, $"Only {hits} searches found anything.");
    }

    [Fact]
    public async Task Whatever_the_grant_nothing_else_is_returned_counted_ordered_or_included()
    {
        await Database.ExecuteAsync("analyze");
        var hits = await Oracle.CompareAllAsync(Enumerable.Range(10_000, Queries), null, thorough: _ => true);

        Assert.True(hits > Queries / 10, $"Only {hits} searches found anything.");
    }

    [Fact]
    public async Task What_is_contained_is_found_with_its_container_and_never_without()
    {
        var hits = await Oracle.CompareContainedAsync(Enumerable.Range(20_000, Queries / 2), SearchDatabase.Grant("system/*.rs", null));
        Assert.True(hits > Queries / 8, $"Only {hits} searches found anything.");

        hits = await Oracle.CompareContainedAsync(Enumerable.Range(30_000, Queries / 2), null);
        Assert.True(hits > Queries / 40, $"Only {hits} searches found anything.");
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
