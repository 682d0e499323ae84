using System.Text.Json;
using FhirFacade.Storage.Resources;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Resources;

public sealed class ResourceWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_resource_is_read_back_as_it_was_stamped()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var created = Assert.IsType<WriteOutcome.Created>(
            await Writer(database).CreateAsync("Patient", Samples.Patient("Ærøskøbing"), Grants.Everything, Token)).Resource;
        var found = Assert.IsType<ReadOutcome.Found>(await Reader(database).ReadAsync("Patient", created.Id, Grants.Everything, Token)).Resource;

        Assert.Equal(1, found.Version);
        Assert.Equal(created.LastUpdated, found.LastUpdated);
        Assert.Equal(created.Doc.ToArray(), found.Doc.ToArray());
        using var document = JsonDocument.Parse(found.Doc);
        Assert.Equal(created.Id, document.RootElement.GetProperty("id").GetString());
        Assert.Equal("1", document.RootElement.GetProperty("meta").GetProperty("versionId").GetString());
        Assert.Equal(found.LastUpdated, document.RootElement.GetProperty("meta").GetProperty("lastUpdated").GetDateTimeOffset());
    }

    [Fact]
    public async Task Content_that_is_already_there_makes_no_version()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await Writer(database).UpdateAsync("Patient", "a", Samples.Patient("Nilsen"), null, Grants.Everything, Token);
        var again = await Writer(database).UpdateAsync("Patient", "a", Samples.Patient("Nilsen"), null, Grants.Everything, Token);
        Assert.Equal(1, Assert.IsType<WriteOutcome.Unchanged>(again).Resource.Version);
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task Versions_and_times_go_on_over_deletion_and_return_even_if_the_clock_stands_still()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = new ResourceWriter(database.DataSource, new StandingClock());
        await writer.UpdateAsync("Patient", "a", Samples.Patient("One"), null, Grants.Everything, Token);
        await writer.UpdateAsync("Patient", "a", Samples.Patient("Two"), null, Grants.Everything, Token);
        Assert.Equal(3, Assert.IsType<WriteOutcome.Deleted>(await writer.DeleteAsync("Patient", "a", null, Grants.Everything, Token)).Version);
        Assert.Equal(3, Assert.IsType<WriteOutcome.Deleted>(await writer.DeleteAsync("Patient", "a", null, Grants.Everything, Token)).Version);
        Assert.IsType<ReadOutcome.Gone>(await Reader(database).ReadAsync("Patient", "a", Grants.Everything, Token));
        var back = await writer.UpdateAsync("Patient", "a", Samples.Patient("Two"), null, Grants.Everything, Token);
        Assert.Equal(4, Assert.IsType<WriteOutcome.Created>(back).Resource.Version);

        var page = await new HistoryReader(database.DataSource).InstanceAsync("Patient", "a", Grants.Everything, HistoryRange.All, 10, null, Token);
        Assert.Equal([4, 3, 2, 1], page.Entries.Select(entry => entry.Version));
        Assert.Equal(["PUT", "DELETE", "PUT", "PUT"], page.Entries.Select(entry => entry.Method));
        Assert.Equal(page.Entries.Select(entry => entry.LastUpdated).Distinct().OrderDescending(), page.Entries.Select(entry => entry.LastUpdated));
    }

    [Fact]
    public async Task Of_fifty_writers_that_name_the_version_one_wins_at_a_time_and_nothing_is_lost()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = Writer(database);
        await writer.UpdateAsync("Observation", "o", Samples.Observation("p", value: 0), null, Grants.Everything, Token);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AddOneAsync(database, writer))));

        var end = Assert.IsType<ReadOutcome.Found>(await Reader(database).ReadAsync("Observation", "o", Grants.Everything, Token)).Resource;
        Assert.Equal(51, end.Version);
        Assert.Equal(50, Value(end));
        Assert.Equal(50L, await database.ScalarAsync<long>("select count(*) from history"));
    }

    [Fact]
    public async Task Fifty_writers_that_create_the_same_resource_make_it_once()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() =>
            Writer(database).UpdateAsync("Observation", "o", Samples.Observation("p", value: number), null, Grants.Everything, Token))));
        Assert.Single(outcomes.OfType<WriteOutcome.Created>());
        Assert.Equal(49, outcomes.OfType<WriteOutcome.Updated>().Count());
        Assert.Equal(50L, await database.ScalarAsync<long>("select count(distinct version) from (select version from history union all select version from r.observation) v"));
    }

    [Fact]
    public async Task A_version_that_is_not_current_is_a_conflict_for_update_and_deletion()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = Writer(database);
        Assert.IsType<WriteOutcome.Conflict>(await writer.UpdateAsync("Patient", "a", Samples.Patient("One"), 1, Grants.Everything, Token));
        await writer.UpdateAsync("Patient", "a", Samples.Patient("One"), null, Grants.Everything, Token);
        Assert.IsType<WriteOutcome.Conflict>(await writer.UpdateAsync("Patient", "a", Samples.Patient("Two"), 2, Grants.Everything, Token));
        Assert.IsType<WriteOutcome.Conflict>(await writer.DeleteAsync("Patient", "a", 2, Grants.Everything, Token));
        Assert.IsType<WriteOutcome.Deleted>(await writer.DeleteAsync("Patient", "a", 1, Grants.Everything, Token));
    }

    [Fact]
    public async Task A_patients_grant_writes_that_patients_resources_only()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var writer = Writer(database);
        var mine = Grants.Patient("me");
        Assert.IsType<WriteOutcome.Created>(await writer.CreateAsync("Observation", Samples.Observation("me"), mine, Token));
        Assert.IsType<WriteOutcome.Forbidden>(await writer.CreateAsync("Observation", Samples.Observation("you"), mine, Token));
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from r.observation"));

        await writer.UpdateAsync("Observation", "yours", Samples.Observation("you"), null, Grants.Everything, Token);
        Assert.IsType<WriteOutcome.NotFound>(await writer.UpdateAsync("Observation", "yours", Samples.Observation("me"), null, mine, Token));
        Assert.IsType<WriteOutcome.NotFound>(await writer.UpdateAsync("Observation", "mine", Samples.Observation("me"), null, mine, Token));
        Assert.IsType<WriteOutcome.NotFound>(await writer.DeleteAsync("Observation", "yours", null, mine, Token));

        await writer.UpdateAsync("Observation", "mine", Samples.Observation("me"), null, Grants.Everything, Token);
        Assert.IsType<WriteOutcome.Forbidden>(await writer.UpdateAsync("Observation", "mine", Samples.Observation("you"), null, mine, Token));
        Assert.IsType<ReadOutcome.Found>(await Reader(database).ReadAsync("Observation", "mine", mine, Token));

        await writer.DeleteAsync("Observation", "yours", null, Grants.Everything, Token);
        Assert.IsType<WriteOutcome.NotFound>(await writer.UpdateAsync("Observation", "yours", Samples.Observation("me"), null, mine, Token));
    }

    [Theory]
    [InlineData("system/*.rs")]
    [InlineData("system/Patient.cruds")]
    [InlineData("user/*.cruds")]
    [InlineData("patient/*.cruds")]
    public async Task A_grant_without_the_right_writes_nothing(string scope)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var grant = Grants.System(scope);
        Assert.IsType<WriteOutcome.Forbidden>(await Writer(database).CreateAsync("Observation", Samples.Observation("p"), grant, Token));
        Assert.IsType<WriteOutcome.Forbidden>(await Writer(database).UpdateAsync("Observation", "o", Samples.Observation("p"), null, grant, Token));
        Assert.IsType<WriteOutcome.Forbidden>(await Writer(database).DeleteAsync("Observation", "o", null, grant, Token));
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from r.observation"));
    }

    private static async Task AddOneAsync(TestDatabase database, ResourceWriter writer)
    {
        while (true)
        {
            var before = Assert.IsType<ReadOutcome.Found>(await Reader(database).ReadAsync("Observation", "o", Grants.Everything, Token)).Resource;
            var outcome = await writer.UpdateAsync("Observation", "o", Samples.Observation("p", value: Value(before) + 1), before.Version, Grants.Everything, Token);
            if (outcome is WriteOutcome.Updated)
            {
                return;
            }

            Assert.IsType<WriteOutcome.Conflict>(outcome);
        }
    }

    private static int Value(StoredResource resource)
    {
        using var document = JsonDocument.Parse(resource.Doc);
        return document.RootElement.GetProperty("valueInteger").GetInt32();
    }

    private static ResourceWriter Writer(TestDatabase database) => new(database.DataSource, TimeProvider.System);

    private static ResourceReader Reader(TestDatabase database) => new(database.DataSource);

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 5, 6, 7, 8, 9, TimeSpan.Zero);
    }
}
