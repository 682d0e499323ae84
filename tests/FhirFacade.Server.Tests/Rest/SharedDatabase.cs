using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedDatabase))]

namespace FhirFacade.Server.Tests.Rest;

/// <summary>One database for the tests of the FHIR API and of SMART; each test keeps to ids of its own.</summary>
public sealed class SharedDatabase : IAsyncDisposable
{
    private readonly Lazy<Task<TestDatabase>> database = new(TestCluster.NewDatabaseAsync);

    public async Task<NpgsqlDataSource> DataSourceAsync() => (await database.Value).DataSource;

    public async ValueTask DisposeAsync()
    {
        if (database.IsValueCreated)
        {
            await (await database.Value).DisposeAsync();
        }
    }
}
