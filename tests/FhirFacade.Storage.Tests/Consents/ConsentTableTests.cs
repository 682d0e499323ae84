using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Tests.Resources;
using FhirFacade.TestSupport;
using Xunit;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Storage.Tests.Consents;

/// <summary>The rows that a Consent is compiled to come and go with it.</summary>
public sealed class ConsentTableTests : IAsyncLifetime
{
    private const string Rows = "select count(*) from consent_rule";

    private TestDatabase? database;

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private ResourceWriter Writer => new(Database.DataSource, TimeProvider.System);

    public async ValueTask InitializeAsync() => database = await TestCluster.NewDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task They_change_with_the_resource_and_are_gone_when_it_is()
    {
        await PutAsync(Of("c", "p", Provision("permit", null, Provision("deny"), Provision("deny"))));
        Assert.Equal(3, await CountAsync());
        await PutAsync(Of("c", "p", Provision("deny")));
        Assert.Equal(1, await CountAsync());
        var ended = Of("c", "p", Provision("deny"));
        ended["status"] = "inactive";
        await PutAsync(ended);
        Assert.Equal(0, await CountAsync());
        await PutAsync(Of("c", "p", Provision("deny")));
        await Writer.DeleteAsync("Consent", "c", null, Grants.Everything, TestContext.Current.CancellationToken);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_build_that_finds_consents_which_nobody_has_compiled_compiles_them()
    {
        await PutAsync(Of("c", "p", Provision("permit", null, Provision("deny"))));
        await PutAsync(Of("d", "q", Provision("deny")));
        await Database.ExecuteAsync("delete from consent_rule; update consent_reading set number = 0");
        await Migrator.MigrateAsync(Database.DataSource, TestContext.Current.CancellationToken);
        Assert.Equal(3, await CountAsync());
        await Database.ExecuteAsync("delete from consent_rule where consent = 'd'");
        await Migrator.MigrateAsync(Database.DataSource, TestContext.Current.CancellationToken);
        Assert.Equal(2, await CountAsync());
    }

    private async Task PutAsync(JsonObject consent) => Assert.False(
        (await Writer.UpdateAsync("Consent", (string)consent["id"]!, JsonSerializer.SerializeToElement(consent), null, Grants.Everything, TestContext.Current.CancellationToken)).IsFailure);

    private async Task<long> CountAsync()
    {
        await using var command = Database.DataSource.CreateCommand(Rows);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
