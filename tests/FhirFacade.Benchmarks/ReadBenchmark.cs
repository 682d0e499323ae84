using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Read-by-id through the whole authorised path (token, grant, query, headers) as a share of what a bare Kestrel endpoint does that
/// sends the same column by Npgsql. One database, one pool, the same requests, in turns in one run; medians of the rounds are printed.
/// </summary>
public static class ReadBenchmark
{
    private const int Connections = 16;
    private const int Resources = 2000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    // What is still to be done for the reads of a round belongs to it.
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(800);

    /// <summary>Prints to standard output what each way to read costs: with seven rounds of two seconds it takes about two minutes.</summary>
    /// <param name="rounds">How often each has its turn.</param>
    /// <param name="round">How long a turn is.</param>
    public static Task RunAsync(int rounds, TimeSpan round) => RunAsync((time, subjects) => Measure(time, subjects, rounds, round));

    /// <summary>Keeps one of the ways to read busy for so long, for a profiler.</summary>
    /// <param name="number">Which, counted from 0 as <see cref="RunAsync(int, TimeSpan)"/> prints them.</param>
    /// <param name="duration">How long.</param>
    public static Task RunOneAsync(int number, TimeSpan duration) => RunAsync((time, subjects) =>
    {
        var subject = subjects[number];
        HttpLoad.Run(subject.Port, subject.Requests, Connections, WarmUp);
        Console.WriteLine($"process {Environment.ProcessId}: {subject.Name}");
        var cost = Cost.Of(time, subject, duration, out var result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.PerSecond:N0} reads/s, processor time of each {cost.Own:F1} us here and {cost.Database:F1} us in PostgreSQL"));
    });

    private static async Task RunAsync(Action<ProcessorTime, Subject[]> measure)
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await LoadAsync(database.DataSource);
        var directory = Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName;
        var (options, watched) = (Options(directory, AuditMode.Off), Options(directory, AuditMode.Spooled));
        var barePort = FreePort();
        await using var keyReads = DataSources.CreateForKeys(database.ConnectionString);
        await using (var bare = Bare(keyReads, barePort))
        await using (var ours = Host.Build(options, database.DataSource, keyReads))
        await using (var audited = Host.Build(watched, database.DataSource, keyReads))
        {
            await audited.StartAsync();
            await bare.StartAsync();
            await ours.StartAsync();
            var port = new Uri(watched.Http.Url).Port;
            measure(await ProcessorTime.OfAsync(database.DataSource),
            [
                new("bare Kestrel and Npgsql", barePort, Requests("/bare/", null)),
                new("system/*.rs, no trail", new Uri(options.Http.Url).Port, Requests("/fhir/Observation/", Token(ours, "system/*.rs", null))),
                new("system/*.rs", port, Requests("/fhir/Observation/", Token(audited, "system/*.rs", null))),
                new("patient/*.rs", port, Requests("/fhir/Observation/", Token(audited, "patient/*.rs", "p"))),
                new("system/*.rs, a patient each", port, Requests("/fhir/Observation/", Token(audited, "system/*.rs", null), Resources)),
            ]);
        }
        Directory.Delete(directory, recursive: true);
    }

    private static string Token(WebApplication server, string scope, string? patient) =>
        server.Services.GetRequiredService<AccessTokens>().Issue("benchmark", "benchmark", scope, patient, TimeSpan.FromHours(1));

    private static ServerOptions Options(string directory, AuditMode audit) => new()
    {
        Http = new HttpOptions { Url = $"http://127.0.0.1:{FreePort()}" },
        Mllp = new MllpOptions { Port = -1 },
        Access = new AccessOptions { Audit = audit },
        Demo = true,
        DataDirectory = directory,
    };

    private static void Measure(ProcessorTime time, Subject[] subjects, int rounds, TimeSpan round)
    {
        var results = subjects.Select(_ => new List<HttpLoad.Result>()).ToArray();
        var costs = subjects.Select(_ => new List<Cost>()).ToArray();
        foreach (var subject in subjects)
        {
            HttpLoad.Run(subject.Port, subject.Requests, Connections, WarmUp);
        }
        for (var turn = 0; turn < rounds; turn++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                costs[i].Add(Cost.Of(time, subjects[i], round, out var result));
                results[i].Add(result);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Connections} connections, {rounds} rounds of {round.TotalSeconds} s each; the default configuration unless it says otherwise"));
        Console.WriteLine("                               reads/s   p50 us   p99 us   bytes each   x bare |  CPU us  server  database   x bare");
        for (var i = 0; i < subjects.Length; i++)
        {
            var ratio = Median(results[i].Zip(results[0], (ours, bare) => ours.PerSecond / bare.PerSecond));
            var share = Median(costs[0].Zip(costs[i], (bare, ours) => bare.Whole / ours.Whole));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{subjects[i].Name,-28} {Median(results[i].Select(r => r.PerSecond)),9:N0} {Median(results[i].Select(r => r.Median)),8:N0} {Median(results[i].Select(r => r.P99)),8:N0} {Allocated(subjects[i]),12:N0} {ratio,8:F2} | {Median(costs[i].Select(c => c.Whole)),7:F1} {Median(costs[i].Select(c => c.Own)),7:F1} {Median(costs[i].Select(c => c.Database)),9:F1} {share,8:F2}"));
        }
        var (without, with) = (costs[1], costs[2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"the trail costs a read {Median(with.Zip(without, (w, o) => 100 * (w.Whole / o.Whole - 1))):F1} % of its processor time (median of rounds; over all rounds {100 * (with.Sum(c => c.Whole) / without.Sum(c => c.Whole) - 1):F1} %)"));
    }

    /// <summary>What the server allocates for one answer; the load allocates next to nothing.</summary>
    private static double Allocated(Subject subject)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var result = HttpLoad.Run(subject.Port, subject.Requests, Connections, TimeSpan.FromSeconds(1));
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / result.PerSecond;
    }

    private static WebApplication Bare(NpgsqlDataSource dataSource, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.MapGet("/bare/{id}", async http =>
        {
            await using var command = dataSource.CreateCommand("select doc from r.observation where id = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = (string)http.Request.RouteValues["id"]! });
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            var doc = await reader.GetFieldValueAsync<byte[]>(0);
            http.Response.ContentType = "application/fhir+json";
            http.Response.ContentLength = doc.Length;
            await http.Response.BodyWriter.WriteAsync(doc);
        });
        return app;
    }

    private static byte[][] Requests(string path, string? token, int from = 0) => [.. Enumerable.Range(from, Resources).Select(i => Encoding.ASCII.GetBytes(
        $"GET {path}{Id(i)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/fhir+json\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n"))];

    private static async Task LoadAsync(NpgsqlDataSource dataSource)
    {
        var writer = new ResourceWriter(dataSource, TimeProvider.System);
        var grant = new AccessGrant("benchmark", "benchmark", null, SmartScopes.Parse("system/*.cruds").Rules);
        await Parallel.ForEachAsync(Enumerable.Range(0, 2 * Resources), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            using var document = JsonDocument.Parse(Observation(i));
            await writer.UpdateAsync("Observation", Id(i), document.RootElement, null, grant, cancellationToken);
        });
        await using var analyze = dataSource.CreateCommand("vacuum analyze r.observation");
        await analyze.ExecuteNonQueryAsync();
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"obs-{i:0000000}-0000-4000-8000-000000000000");

    private static string Observation(int i) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"resourceType":"Observation","id":"{{Id(i)}}","status":"final",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"718-7","display":"Hemoglobin [Mass/volume] in Blood"}],"text":"Hemoglobin"},
        "subject":{"reference":"Patient/p{{(i < Resources ? "" : $"-{i}")}}"},"encounter":{"reference":"Encounter/e-{{i / 10}}"},"effectiveDateTime":"2024-05-06T07:{{i % 60:00}}:00Z",
        "issued":"2024-05-06T09:00:00Z","performer":[{"reference":"Organization/lab","display":"The laboratory"}],
        "valueQuantity":{"value":{{10 + i % 50 / 10.0:F1}},"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"},
        "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N","display":"Normal"}]}],
        "referenceRange":[{"low":{"value":12.0,"unit":"g/dL"},"high":{"value":16.0,"unit":"g/dL"},"text":"12.0 to 16.0"}]}
        """);

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var ordered ? ordered[ordered.Count / 2] : 0;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Subject(string Name, int Port, byte[][] Requests);

    /// <summary>What one read takes of the processors, in microseconds: of the server in this process, and of PostgreSQL.</summary>
    private sealed record Cost(double Own, double Database)
    {
        public double Whole => Own + Database;

        public static Cost Of(ProcessorTime time, Subject subject, TimeSpan duration, out HttpLoad.Result result)
        {
            var before = time.Now();
            result = HttpLoad.Run(subject.Port, subject.Requests, Connections, duration);
            Thread.Sleep(Afterwards);
            var after = time.Now();
            return new((after.Own - before.Own - result.Load) / result.Answers, (after.Database - before.Database) / result.Answers);
        }
    }
}
