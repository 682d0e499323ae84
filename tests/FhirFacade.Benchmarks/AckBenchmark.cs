using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FhirFacade.Server;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Embedded;
using FhirFacade.Server.Ingest;
using FhirFacade.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Host = FhirFacade.Server.Host;

namespace FhirFacade.Benchmarks;

/// <summary>
/// Durable acknowledgements a second over MLLP, each sender waiting for its answer, as a share of what a bare Kestrel listener answers that
/// keeps nothing, and of what one committed insert a message gives. One PostgreSQL that waits for the disk, the same senders, in turns in one
/// run; medians of the rounds are printed.
/// </summary>
public static class AckBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    // Until then much of the code runs unoptimised and counts its own calls.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    // Translation is stopped by stopping the service that does it; the messages stay in the journal as received.
    private sealed record Subject(string Name, Func<AckLoad.ISender> Connect, bool Workers = false, string? Table = null);

    /// <summary>Runs for about three minutes and prints to standard output.</summary>
    /// <param name="connections">How many senders at once; all of these in turn. None: 1, 8, 32 and 64.</param>
    public static async Task RunAsync(IReadOnlyList<int> connections)
    {
        connections = connections.Count == 0 ? [1, 8, 32, 64] : connections;

        // Not a private directory: PostgreSQL may have to run as another user.
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "fhirfacade-benchmark-" + Path.GetRandomFileName())).FullName;
        await using (var postgres = await PrivatePostgres.StartAsync(new(Path.Combine(directory, "pg")) { MaxConnections = 200 }, null, CancellationToken.None))
        {
            var options = new ServerOptions
            {
                Http = new HttpOptions { Url = $"http://127.0.0.1:{FreePort()}" },
                Mllp = new MllpOptions { Port = FreePort() },
                DataDirectory = directory,
            };
            var echoPort = FreePort();
            await using var dataSource = DataSources.Create(postgres.ConnectionString);
            await using var inserts = DataSources.CreateForKeys(postgres.ConnectionString + $";Maximum Pool Size={Math.Max(32, connections.Max())}");
            await using var keyReads = DataSources.CreateForKeys(postgres.ConnectionString);
            await Migrator.MigrateAsync(dataSource, CancellationToken.None);
            await ExecuteAsync(dataSource, "create table bare_journal (like journal including all)");
            await using var echo = AckEcho.Build(echoPort);
            await using var ours = Host.Build(options, dataSource, keyReads);
            await echo.StartAsync();
            await ours.StartAsync();
            var workers = ours.Services.GetServices<IHostedService>().OfType<FeedWorkers>().Single();
            await workers.StopAsync(CancellationToken.None);

            var (fsync, load) = (await SettingAsync(dataSource, "fsync"), await LoadAsync());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Rounds} rounds of {Round.TotalSeconds} s each, message of {new AckSample().Message.Length} bytes, fsync {fsync}, load {load}"));
            Console.WriteLine("connections                             acks/s   p50 us   p99 us   x echo  x insert");
            Subject[] subjects =
            [
                new("bare Kestrel echo", () => new AckOverMllp(echoPort)),
                new("bare insert and commit", () => new AckByInsert(inserts), Table: "bare_journal"),
                new("ours, translation stopped", () => new AckOverMllp(options.Mllp.Port), Table: "journal"),
                new("ours, translation working", () => new AckOverMllp(options.Mllp.Port), Workers: true, Table: "journal"),
            ];
            foreach (var subject in subjects)
            {
                await RunAsync(subject, 32, WarmUp, workers, dataSource);
            }

            // A server that has run for a while writes its log over segments of its own; making new ones is not what is measured.
            await ExecuteAsync(dataSource, "checkpoint");
            foreach (var senders in connections)
            {
                await MeasureAsync(subjects, senders, workers, dataSource);
            }

            Console.WriteLine($"load at the end {await LoadAsync()}");
        }

        Directory.Delete(directory, recursive: true);
    }

    private static async Task MeasureAsync(Subject[] subjects, int connections, FeedWorkers workers, NpgsqlDataSource dataSource)
    {
        var results = subjects.Select(_ => new List<AckLoad.Result>()).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                var result = await RunAsync(subjects[i], connections, Round, workers, dataSource);
                if (round >= 0)
                {
                    results[i].Add(result);
                }
            }
        }

        for (var i = 0; i < subjects.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{connections,4}  {subjects[i].Name,-28} {Median(results[i].Select(r => r.PerSecond)),11:N0} {Median(results[i].Select(r => r.Median)),8:N0} {Median(results[i].Select(r => r.P99)),8:N0} {Share(results[i], results[0]),8:F2} {Share(results[i], results[1]),9:F2}"));
        }
    }

    // What a round leaves in the journal is removed: it would be worked off during the next one.
    private static async Task<AckLoad.Result> RunAsync(Subject subject, int connections, TimeSpan duration, FeedWorkers workers, NpgsqlDataSource dataSource)
    {
        if (subject.Workers)
        {
            await workers.StartAsync(CancellationToken.None);
        }

        var result = AckLoad.Run(subject.Connect, connections, duration);
        if (subject.Workers)
        {
            await workers.StopAsync(CancellationToken.None);
        }

        if (subject.Table is { } table)
        {
            await using var count = dataSource.CreateCommand($"select count(*) from {table} where duplicate_of is null");
            if ((long)(await count.ExecuteScalarAsync())! is var rows && rows != result.Answers)
            {
                throw new InvalidOperationException($"{subject.Name}: {result.Answers} messages were acknowledged and {rows} are kept");
            }

            await ExecuteAsync(dataSource, $"truncate {table}");
        }

        return result;
    }

    private static double Share(List<AckLoad.Result> of, List<AckLoad.Result> whole) => Median(of.Zip(whole, (a, b) => a.PerSecond / b.PerSecond));

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> SettingAsync(NpgsqlDataSource dataSource, string name)
    {
        await using var command = dataSource.CreateCommand("select current_setting($1)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<string> LoadAsync() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[..3]) : "unknown";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
