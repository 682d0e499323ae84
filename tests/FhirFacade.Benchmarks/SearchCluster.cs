using System.Diagnostics;
using System.Globalization;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>The databases that searches are measured on. In a directory that is kept they are loaded once and found again by the next run.</summary>
internal sealed class SearchCluster : IAsyncDisposable
{
    private readonly BenchmarkCluster cluster;

    private SearchCluster(BenchmarkCluster cluster) => this.cluster = cluster;

    /// <inheritdoc cref="BenchmarkCluster.StartAsync"/>
    public static async Task<SearchCluster> StartAsync(string? kept) => new(await BenchmarkCluster.StartAsync(kept));

    /// <summary>The database of so many Observations, as this build's schema has it.</summary>
    public async Task<NpgsqlDataSource> DatabaseAsync(int rows)
    {
        var name = Name(rows);
        var database = await cluster.DatabaseAsync(name);
        await using var owner = DataSources.Create(cluster.OwnerConnectionString);
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
    public NpgsqlDataSource KeyReads(int rows) => cluster.KeyReads(Name(rows));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private static string Name(int rows) => string.Create(CultureInfo.InvariantCulture, $"observations{rows}");

    private static async Task<T?> FirstAsync<T>(NpgsqlDataSource database, string sql)
        where T : notnull
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
