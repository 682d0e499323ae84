using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using FhirFacade.Server;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.Extensions.DependencyInjection;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Synthetic patients posted as transactions over HTTP, as a share of what binary COPY of the very same rows reaches into the same tables
/// with the same indexes, on the same number of connections.
/// </summary>
public static class ImportBenchmark
{
    private const int Connections = 4;

    /// <summary>Loads every Bundle once and prints to standard output.</summary>
    public static async Task RunAsync()
    {
        if (SyntheaFiles.Paths.Count == 0)
        {
            await Console.Error.WriteLineAsync("the public data (synthea) is not here");
            return;
        }
        var bundles = new List<byte[]>();
        foreach (var path in SyntheaFiles.Paths)
        {
            bundles.Add(await SyntheaFiles.ReadAsync(path));
        }
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var other = await TestCluster.NewDatabaseAsync();
        await using var copy = await TestCluster.NewDatabaseAsync();
        var (_, checkedClosely) = await ImportAsync(other, bundles, WriteValidation.Invariants);
        var (resources, imported) = await ImportAsync(database, bundles, WriteValidation.Structure);
        var (rows, copied) = await CopyAsync(database.DataSource, copy.DataSource);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bundles.Count} transactions, {resources} resources, {bundles.Sum(b => (long)b.Length) / 1e6:F0} MB"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the same with invariants {checkedClosely.TotalSeconds,7:F1} s  {resources / checkedClosely.TotalSeconds,8:N0} resources/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"transactions, structure {imported.TotalSeconds,8:F1} s  {resources / imported.TotalSeconds,8:N0} resources/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"binary COPY             {copied.TotalSeconds,8:F1} s  {rows / copied.TotalSeconds,8:N0} rows/s of resources"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"share of COPY           {copied.TotalSeconds / imported.TotalSeconds,8:F2} (structure) {copied.TotalSeconds / checkedClosely.TotalSeconds:F2} (invariants)"));
    }

    private static async Task<(int Resources, TimeSpan Time)> ImportAsync(TestDatabase database, List<byte[]> bundles, WriteValidation validation)
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName;
        var options = new ServerOptions
        {
            Http = new HttpOptions { Url = "http://127.0.0.1:18099" }, Mllp = new MllpOptions { Port = -1 }, Demo = true, DataDirectory = directory, Rest = new RestOptions { Validation = validation },
        };
        await using var keyReads = DataSources.CreateForKeys(database.ConnectionString);
        await using var app = Host.Build(options, database.DataSource, keyReads);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(options.Http.Url), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<AccessTokens>().Issue("benchmark", "benchmark", "system/*.cruds", lifetime: TimeSpan.FromHours(1)));
        var resources = 0;
        var clock = Stopwatch.StartNew();
        // The first two hold what all the others refer to.
        foreach (var bundle in bundles.Take(2))
        {
            resources += await PostAsync(client, bundle);
        }
        await Parallel.ForEachAsync(bundles.Skip(2), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (bundle, _) => Interlocked.Add(ref resources, await PostAsync(client, bundle)));
        var time = clock.Elapsed;
        await app.StopAsync();
        Directory.Delete(directory, recursive: true);
        return (resources, time);
    }

    private static async Task<int> PostAsync(HttpClient client, byte[] bundle)
    {
        using var content = new ByteArrayContent(bundle);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        using var response = await client.PostAsync("/fhir", content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(answer).GetProperty("entry").GetArrayLength()
            : throw new InvalidOperationException($"{response.StatusCode} {System.Text.Encoding.UTF8.GetString(answer)[..Math.Min(answer.Length, 500)]}");
    }

    private static async Task<(long Rows, TimeSpan Time)> CopyAsync(NpgsqlDataSource from, NpgsqlDataSource to)
    {
        var tables = new List<(string Table, byte[] Rows, long Count)>();
        foreach (var table in ResourceTables.Types.SelectMany(type => new[] { ResourceTables.NameOf(type), ResourceTables.RangesOf(type), ResourceTables.TextsOf(type) }).Append("patient_key"))
        {
            await using var source = await from.OpenConnectionAsync();
            await using var stream = await source.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)");
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            await stream.DisposeAsync();
            await using var count = new NpgsqlCommand($"select count(*) from {table}", source);
            tables.Add((table, bytes.ToArray(), (long)(await count.ExecuteScalarAsync())!));
        }
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(tables.Where(t => t.Count > 0).OrderByDescending(t => t.Rows.Length), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (table, cancellationToken) =>
        {
            await using var target = await to.OpenConnectionAsync(cancellationToken);
            await using var stream = await target.BeginRawBinaryCopyAsync($"copy {table.Table} from stdin (format binary)", cancellationToken);
            await stream.WriteAsync(table.Rows, cancellationToken);
        });
        var time = clock.Elapsed;
        return (tables.Where(t => ResourceTables.Types.Any(type => ResourceTables.NameOf(type) == t.Table)).Sum(t => t.Count), time);
    }
}
