using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Schema;
using Npgsql;

[assembly: AssemblyFixture(typeof(SharedDatabase))]

namespace FhirFacade.Server.Tests.Rest;

/// <summary>One migrated database for the tests of the FHIR API and of SMART; each test keeps to ids of its own.</summary>
public sealed class SharedDatabase : IAsyncDisposable
{
    private readonly Lazy<Task<NpgsqlDataSource>> dataSource = new(OpenAsync);

    public Task<NpgsqlDataSource> DataSourceAsync() => dataSource.Value;

    public async ValueTask DisposeAsync()
    {
        if (dataSource.IsValueCreated)
        {
            await (await dataSource.Value).DisposeAsync();
        }
    }

    private static async Task<NpgsqlDataSource> OpenAsync()
    {
        var source = DataSources.Create(Environment.GetEnvironmentVariable("FHIRFACADE_TEST_DATABASE")!);
        await Migrator.MigrateAsync(source, CancellationToken.None);
        return source;
    }
}
