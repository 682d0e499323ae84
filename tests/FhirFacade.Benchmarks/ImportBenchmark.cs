using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using FhirFacade.Server;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.Extensions.DependencyInjection;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Index;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Synthetic patients posted as transactions over HTTP, as a share of what binary COPY of the very same rows reaches into the same tables
/// with the same indexes, on the same number of connections: once each table as a whole, and once with the commits that the import has, each
/// with a COPY for every table that it fills. The client is in this process, and what it costs is counted.
/// </summary>
public static class ImportBenchmark
{
    private const int Connections = 4;
    private const int Prerequisites = 2;
    private const int WarmRounds = 2;

    /// <summary>Loads every Bundle once and prints to standard output.</summary>
    /// <param name="alone">Only the import, without anything to compare it with: for a profiler.</param>
    public static async Task RunAsync(bool alone)
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
        // The settings are those that the server gives its own PostgreSQL: what is committed is on the disk.
        await using var cluster = await BenchmarkCluster.StartAsync(null);
        PostgresTime postgres;
        // A server that has just started still compiles what it runs.
        await using (var warm = await cluster.DatabaseAsync("warm"))
        {
            postgres = await PostgresTime.OfAsync(warm);
            for (var round = 0; round < WarmRounds; round++)
            {
                await ImportAsync(postgres, warm, cluster.KeyReads("warm"), bundles, WriteValidation.Structure);
            }
        }
        await using var database = await cluster.DatabaseAsync("import");
        if (alone)
        {
            Console.WriteLine("again, and measured");
            var run = await ImportAsync(postgres, database, cluster.KeyReads("import"), bundles, WriteValidation.Structure);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Resources} resources, {run.Time:F1} s, CPU s here {run.Own:F1}, CPU s of PostgreSQL {run.Database:F1}"));
            return;
        }
        await using var close = await cluster.DatabaseAsync("close");
        await using var copy = await cluster.DatabaseAsync("copy");
        await using var commits = await cluster.DatabaseAsync("commits");
        var imported = await ImportAsync(postgres, database, cluster.KeyReads("import"), bundles, WriteValidation.Structure);
        var rows = await ImportedRows.ReadAsync(database, imported.Horizon);
        var whole = await CopyAsync(postgres, rows.Whole, copy, imported.Resources);
        var copied = await CopyAsync(postgres, rows.ByCommit, commits, imported.Resources);
        var looked = await ImportAsync(postgres, close, cluster.KeyReads("close"), bundles, WriteValidation.Invariants);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bundles.Count - Prerequisites} transactions, {imported.Resources} resources ({rows.Observations} Observations), {bundles.Skip(Prerequisites).Sum(b => (long)b.Length) / 1e6:F0} MB; {imported.Bundles - looked.Bundles} of the transactions break an invariant"));
        Console.WriteLine("                                 s   resources/s   Observations/s   share of COPY   of COPY by commit   CPU s here   CPU s of PostgreSQL");
        Print("COPY, a table each", whole);
        Print($"COPY, {rows.ByCommit.Count} commits", copied);
        Print("transactions, structure", imported);
        Print("transactions, invariants", looked);

        void Print(string name, Measured run) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-26} {run.Time,7:F1} {run.Resources / run.Time,13:N0} {rows.Observations / run.Time,16:N0} {Share(run, whole),15:F2} {Share(run, copied),19:F2} {run.Own,12:F1} {run.Database,21:F1}"));
    }

    private static double Share(Measured run, Measured copy) => run.Resources / run.Time / (copy.Resources / copy.Time);

    private static async Task<Measured> ImportAsync(PostgresTime postgres, NpgsqlDataSource database, NpgsqlDataSource keyReads, List<byte[]> bundles, WriteValidation validation)
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName;
        var options = new ServerOptions
        {
            Http = new HttpOptions { Url = $"http://127.0.0.1:{RunningServer.FreePort()}" }, Mllp = new MllpOptions { Port = -1 }, Demo = true, DataDirectory = directory, Rest = new RestOptions { Validation = validation },
        };
        await using var app = Host.Build(options, database, keyReads);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(options.Http.Url), Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.Services.GetRequiredService<AccessTokens>().Issue("benchmark", "benchmark", "system/*.cruds", lifetime: TimeSpan.FromHours(1)));
        // The first two hold what all the others refer to: they are batches, and not measured.
        foreach (var bundle in bundles.Take(Prerequisites))
        {
            await PostAsync(client, bundle);
        }
        var horizon = await ImportedRows.HorizonAsync(database);
        var resources = 0;
        var counted = 0;
        var watch = Watch.Start(postgres);
        await Parallel.ForEachAsync(bundles.Skip(Prerequisites), new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (bundle, _) => Count(await PostAsync(client, bundle)));
        var measured = watch.Stop(resources, counted) with { Horizon = horizon };
        await app.DisposeAsync();
        await keyReads.DisposeAsync();
        Directory.Delete(directory, recursive: true);
        return measured;

        void Count(int stored)
        {
            Interlocked.Add(ref resources, stored);
            Interlocked.Add(ref counted, stored > 0 ? 1 : 0);
        }
    }

    private static async Task<int> PostAsync(HttpClient client, byte[] bundle)
    {
        using var content = new ByteArrayContent(bundle);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        using var response = await client.PostAsync("/fhir", content);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode == System.Net.HttpStatusCode.UnprocessableEntity ? 0 : response.IsSuccessStatusCode
            ? JsonElement.Parse(answer).GetProperty("entry").GetArrayLength()
            : throw new InvalidOperationException($"{response.StatusCode} {System.Text.Encoding.UTF8.GetString(answer)[..Math.Min(answer.Length, 500)]}");
    }

    // Each unit in a transaction of its own.
    private static async Task<Measured> CopyAsync(PostgresTime postgres, IReadOnlyList<ImportedRows.Unit> units, NpgsqlDataSource to, int resources)
    {
        var watch = Watch.Start(postgres);
        await Parallel.ForEachAsync(units, new ParallelOptions { MaxDegreeOfParallelism = Connections }, async (unit, cancellationToken) =>
        {
            await using var target = await to.OpenConnectionAsync(cancellationToken);
            await using var transaction = await target.BeginTransactionAsync(cancellationToken);
            foreach (var (table, bytes) in unit.Tables)
            {
                await using var stream = await target.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", cancellationToken);
                await stream.WriteAsync(bytes, cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
        });
        return watch.Stop(resources, 0);
    }

    // CPU time tells what a run costs even where others use the machine.
    private sealed record Measured(int Resources, int Bundles, double Time, double Own, double Database)
    {
        public long Horizon { get; init; }
    }

    private sealed record Watch(Stopwatch Clock, TimeSpan Own, PostgresTime Postgres, double Database)
    {
        public static Watch Start(PostgresTime postgres) => new(Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, postgres, postgres.Seconds());

        public Measured Stop(int resources, int bundles) =>
            new(resources, bundles, Clock.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - Own).TotalSeconds, Postgres.Seconds() - Database);
    }
}
