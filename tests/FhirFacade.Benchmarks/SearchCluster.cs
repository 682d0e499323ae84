using System.Diagnostics;
using System.Globalization;
using FhirFacade.Server.Embedded;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// The databases that searches are measured on, in a cluster with the settings that the server gives its own. In a directory that is
/// kept they are loaded once and found again by the next run.
/// </summary>
internal sealed class SearchCluster : IAsyncDisposable
{
    private readonly PrivatePostgres cluster;
    private readonly string? temporary;

    private SearchCluster(PrivatePostgres cluster, string? temporary) => (this.cluster, this.temporary) = (cluster, temporary);

    /// <summary>Starts it.</summary>
    /// <param name="kept">Where it stays when it is stopped; null for a directory that goes with it.</param>
    public static async Task<SearchCluster> StartAsync(string? kept)
    {
        var temporary = kept is null ? Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName : null;
        var cluster = await PrivatePostgres.StartAsync(new(kept ?? temporary!) { Supervised = false }, null, CancellationToken.None);
        return new(cluster, temporary);
    }

    /// <summary>The database of so many Observations, as this build's schema has it.</summary>
    public async Task<NpgsqlDataSource> DatabaseAsync(int rows)
    {
        var name = Name(rows);
        await using var owner = DataSources.Create(cluster.ConnectionString);
        var exists = await FirstAsync<bool>(owner, $"select exists (select from pg_database where datname = '{name}')");
        if (!exists)
        {
            await FirstAsync<object>(owner, $"create database {name}");
        }

        var database = DataSources.Create(ConnectionString(name));
        await Migrator.MigrateAsync(database, CancellationToken.None);
        if (await FirstAsync<string>(owner, $"select shobj_description(oid, 'pg_database') from pg_database where datname = '{name}'") != "loaded")
        {
            var clock = Stopwatch.StartNew();
            await SearchObservations.LoadAsync(database, rows);
            await FirstAsync<object>(owner, $"comment on database {name} is 'loaded'");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} Observations loaded in {clock.Elapsed.TotalSeconds:F0} s"));
        }

        return database;
    }

    /// <summary>The same database as the server opens it for what is planned once.</summary>
    public NpgsqlDataSource KeyReads(int rows) => DataSources.CreateForKeys(ConnectionString(Name(rows)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        if (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
        }
    }

    private static string Name(int rows) => string.Create(CultureInfo.InvariantCulture, $"observations{rows}");

    // Without end: on a machine that does other things, too, loading may have to stand still for a while.
    private string ConnectionString(string name) => new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = name, Timeout = 0, CommandTimeout = 0 }.ConnectionString;

    private static async Task<T?> FirstAsync<T>(NpgsqlDataSource database, string sql)
        where T : notnull
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
