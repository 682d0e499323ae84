using FhirFacade.Server.Embedded;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>A PostgreSQL with the settings that the server gives its own, for databases that are measured.</summary>
internal sealed class BenchmarkCluster : IAsyncDisposable
{
    private readonly PrivatePostgres cluster;
    private readonly string? temporary;

    private BenchmarkCluster(PrivatePostgres cluster, string? temporary) => (this.cluster, this.temporary) = (cluster, temporary);

    /// <summary>Starts it.</summary>
    /// <param name="kept">Where it stays when it is stopped; null for a directory that goes with it.</param>
    public static async Task<BenchmarkCluster> StartAsync(string? kept)
    {
        var temporary = kept is null ? Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName : null;
        var cluster = await PrivatePostgres.StartAsync(new(kept ?? temporary!) { Supervised = false }, null, CancellationToken.None);
        return new(cluster, temporary);
    }

    /// <summary>Of the database that every cluster has.</summary>
    public string OwnerConnectionString => cluster.ConnectionString;

    /// <summary>A database as the server opens it for what is planned once.</summary>
    public NpgsqlDataSource KeyReads(string name) => DataSources.CreateForKeys(ConnectionString(name));

    private string ConnectionString(string name) => new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name }.ConnectionString;

    /// <summary>The database of this name with this build's schema; made now if there is none.</summary>
    public async Task<NpgsqlDataSource> DatabaseAsync(string name)
    {
        await using (var owner = DataSources.Create(cluster.ConnectionString))
        {
            await using var find = owner.CreateCommand($"select exists (select from pg_database where datname = '{name}')");
            if (!(bool)(await find.ExecuteScalarAsync())!)
            {
                await using var create = owner.CreateCommand($"create database {name}");
                await create.ExecuteNonQueryAsync();
            }
        }

        var database = DataSources.Create(ConnectionString(name));
        await Migrator.MigrateAsync(database, CancellationToken.None);
        return database;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        if (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
