using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Accounts;
using FhirFacade.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>The people of the demo, made by several instances that start over one database at the same moment.</summary>
public sealed class DemoAccountsTests
{
    [Fact]
    public async Task Instances_that_start_at_once_make_each_account_once_and_none_fails()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var one = await RunningServer.StartAsync(database.DataSource);
        await using var other = await RunningServer.StartAsync(database.DataSource);
        var demos = new[] { one, other }.Select(server => server.Services.GetRequiredService<DemoAccounts>()).ToList();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => demos[i % 2].EnsureAsync(stop)));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => demos[i % 2].EnsurePatientAsync("p" + (i % 2), stop)));
        await demos[0].EnsurePatientAsync("last", stop);
        var accounts = await one.Services.GetRequiredService<AccountStore>().ListAsync(stop);
        Assert.Equal([DemoAccounts.Clinician, DemoAccounts.Patient], accounts.Select(account => account.UserName));
        Assert.Equal("Patient/last", accounts[1].FhirUser);
        Assert.Equal(1, await database.ScalarAsync<int>("select version from r.practitioner where id = 'demo-clinician'"));
    }
}
