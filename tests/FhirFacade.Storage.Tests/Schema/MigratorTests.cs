using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Schema;

public sealed class MigratorTests
{
    [Fact]
    public async Task Every_resource_type_has_a_table_that_can_be_found_by_its_name()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        Assert.Contains("Patient", ResourceTables.Types);
        Assert.Contains("Group", ResourceTables.Types);
        Assert.DoesNotContain("Parameters", ResourceTables.Types);
        foreach (var type in ResourceTables.Types)
        {
            Assert.Equal(0L, await database.ScalarAsync<long>(
                $"select (select count(*) from {ResourceTables.NameOf(type)}) + (select count(*) from {ResourceTables.RangesOf(type)}) + (select count(*) from {ResourceTables.TextsOf(type)})"));
        }
    }

    [Fact]
    public async Task Servers_that_start_at_once_migrate_once()
    {
        await using var database = await TestCluster.NewEmptyDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.MigrateAsync(database.DataSource, TestContext.Current.CancellationToken)));
        Assert.Equal((ResourceTables.Types.Count * 3L) + ResourceTables.Types.Count(FhirFacade.Storage.Search.Index.Postings.Has), await database.ScalarAsync<long>("select count(*) from pg_tables where schemaname = 'r'"));
        Assert.Equal((long)Migration.All.Count, await database.ScalarAsync<long>("select count(*) from schema_migration"));
    }

    [Fact]
    public async Task A_migrated_database_is_left_as_it_is()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await database.ExecuteAsync("update lane set lane = 1000 where lane = 0");
        await Migrator.MigrateAsync(database.DataSource, TestContext.Current.CancellationToken);
        Assert.Equal(1L, await database.ScalarAsync<long>("select count(*) from lane where lane = 1000"));
    }

    [Fact]
    public async Task A_type_that_came_later_gets_its_table()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await database.ExecuteAsync("drop table r.basic, r.basic_range, r.basic_text");
        await Migrator.MigrateAsync(database.DataSource, TestContext.Current.CancellationToken);
        Assert.Equal(0L, await database.ScalarAsync<long>("select count(*) from r.basic"));
    }

    [Theory]
    [InlineData("patient")]
    [InlineData("Patient\"; drop table journal; --")]
    [InlineData("")]
    [InlineData("Resource")]
    public void A_name_that_is_no_type_never_becomes_sql(string name)
    {
        Assert.False(ResourceTables.Has(name));
        Assert.Throws<ArgumentException>(() => ResourceTables.NameOf(name));
    }
}
