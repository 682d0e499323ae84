using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Schema;

public sealed class DataSourcesTests
{
    [Theory]
    [InlineData("plan_cache_mode", "force_custom_plan")]
    [InlineData("jit", "off")]
    [InlineData("statement_timeout", "30s")]
    [InlineData("synchronous_commit", "on")]
    public async Task Every_session_has_the_setting(string name, string value)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        Assert.Equal(value, await database.ScalarAsync<string>("select current_setting($1)", name));
    }

    [Fact]
    public async Task What_the_operator_sets_wins_but_a_commit_is_always_durable()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var dataSource = DataSources.Create(database.ConnectionString + ";Options=-c statement_timeout=7s -c synchronous_commit=off");
        await using var command = dataSource.CreateCommand("select current_setting('statement_timeout') || ' ' || current_setting('synchronous_commit')");
        Assert.Equal("7s on", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Host=/tmp;Maximum Pool Size=3", "Maximum Pool Size=3")]
    [InlineData("Host=/tmp", "Maximum Pool Size=60")]
    public void The_size_of_the_pool_is_the_operators_choice(string given, string expected)
    {
        using var dataSource = DataSources.Create(given);
        Assert.Contains(expected, dataSource.ConnectionString, StringComparison.Ordinal);
    }
}
