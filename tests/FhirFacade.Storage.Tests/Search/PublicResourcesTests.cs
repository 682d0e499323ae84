using System.Globalization;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// Random searches, and those that US Core asks for, over real resources, held against a scan of all of them. <c>FHIRFACADE_SEARCHES</c>
/// says how many random ones; 10,000 take two minutes.
/// </summary>
public sealed class PublicResourcesTests
{
    private const int SyntheaPatients = 20;
    private static readonly DateTimeOffset Begin = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Searches_of_real_resources_find_what_a_scan_of_all_resources_finds()
    {
        if (RepositoryFiles.TestData is not { } data)
        {
            Assert.Skip("the public resources are not here: set FHIRFACADE_TEST_DATA");
            return;
        }

        var searches = int.TryParse(Environment.GetEnvironmentVariable("FHIRFACADE_SEARCHES"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 120;
        await using var database = await TestCluster.NewDatabaseAsync();
        var naive = new NaiveSearch(await PublicResources.LoadAsync(database.DataSource, PublicResources.Read(data, searches > 1000 ? SyntheaPatients : 3), Begin));
        await database.ExecuteAsync("analyze");
        var oracle = new SearchOracle(database, naive, SearchDatabase.Clock);
        var everything = SearchDatabase.Grant("system/*.rs", null);

        var required = 0;
        foreach (var (type, query) in UsCoreSearches.Of(data, naive))
        {
            required += await oracle.CompareAsync("US Core", type, query, everything, thorough: false) > 0 ? 1 : 0;
        }

        Assert.True(required > 100, $"Only {required} searches of US Core found anything.");
        var hits = await oracle.CompareAllAsync(Enumerable.Range(0, searches * 3 / 4), everything, thorough: seed => seed % 20 == 0)
            + await oracle.CompareAllAsync(Enumerable.Range(1_000_000, searches / 4), null, thorough: seed => seed % 20 == 0);
        var inside = await oracle.CompareContainedAsync(Enumerable.Range(2_000_000, searches / 8), everything) + await oracle.CompareContainedAsync(Enumerable.Range(3_000_000, searches / 8), null);
        Assert.True(inside > searches / 40, $"Only {inside} searches found anything contained.");
        Assert.True(hits > searches / 8, $"Only {hits} searches found anything.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{naive.Resources.Length} resources, {required} searches of US Core and {hits} of {searches} random ones found something, {inside} of {searches / 4} for contained resources");
    }
}
