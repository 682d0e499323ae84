using System.Diagnostics;
using System.Globalization;
using FhirFacade.Server.Configuration;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Schema;
using Npgsql;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>
/// Eight senders stream, the ground is pulled away, everything comes back. Each message that was acknowledged is then stored exactly once:
/// one row of the journal, and one version of what it made.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Senders = 8;

    private readonly string data = Path.Combine(Path.GetTempPath(), "fhirfacade-crash-" + Guid.NewGuid().ToString("N"));
    private readonly int mllp = IngestServer.FreePort();
    private readonly int http = IngestServer.FreePort();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_host_is_killed()
    {
        var host = await ServeAsync();
        try
        {
            await StreamAsync(async senders =>
            {
                for (var round = 1; round <= 3; round++)
                {
                    await ReachedAsync(senders, round * 25);
                    await host.KillAsync();
                    await host.DisposeAsync();
                    host = await ServeAsync();
                }
            });
        }
        finally
        {
            await host.InterruptAsync();
            await host.DisposeAsync();
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_database_is_killed()
    {
        var host = await ServeAsync();
        try
        {
            await StreamAsync(async senders =>
            {
                for (var round = 1; round <= 3; round++)
                {
                    await ReachedAsync(senders, round * 25);
                    KillDatabase();
                }
            });
        }
        finally
        {
            await host.InterruptAsync();
            await host.DisposeAsync();
        }
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private Task<HostProcess> ServeAsync()
    {
        Directory.CreateDirectory(data);
        return HostProcess.ServeAsync(["--http", $"http://127.0.0.1:{http}", "--mllp-port", $"{mllp}"], ("DataDirectory", data));
    }

    private async Task StreamAsync(Func<StubbornSender[], Task> disturb)
    {
        var senders = Enumerable.Range(1, Senders).Select(n => new StubbornSender(mllp, $"S{n}")).ToArray();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var streaming = Task.WhenAll(senders.Select(sender => sender.RunAsync(enough.Token)));

        await disturb(senders);
        await ReachedAsync(senders, 100);
        await enough.CancelAsync();
        await streaming;

        var accepted = senders.SelectMany(sender => sender.Accepted).ToHashSet();
        await using var dataSource = DataSources.Create(RunFile.Find(new ServerOptions { DataDirectory = data })!.ConnectionString!);
        var journal = new JournalReader(dataSource, new JournalSignal());
        while ((await journal.CountAsync(Stop)).Received > 0)
        {
            await Task.Delay(100, Stop);
        }

        var rows = (await journal.ListAsync(new(Limit: 1_000_000), Stop)).Where(row => row.State != JournalState.Duplicate).ToList();
        Assert.All(rows, row => Assert.Equal(JournalState.Stored, row.State));
        Assert.Equal(accepted.Order(), rows.Select(row => row.ControlId).Order());
        Assert.Equal(accepted.Select(id => $"V{id}").Order(), (await VisitsAsync(dataSource)).Order());
    }

    // What each message made and no other did: a visit. A second version would be in the history.
    private static async Task<List<string>> VisitsAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand("""
            select doc->'identifier'->0->>'value' from r.encounter where version = 1
            union all select 'again ' || id from history where type in ('Encounter', 'MessageHeader')
            """);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var visits = new List<string>();
        while (await reader.ReadAsync(Stop))
        {
            visits.Add(reader.GetString(0));
        }

        return visits;
    }

    private static async Task ReachedAsync(StubbornSender[] senders, int count)
    {
        while (senders.Any(sender => sender.Count < count))
        {
            await Task.Delay(20, Stop);
        }
    }

    // The postmaster and every process that it has started, none of them asked.
    private void KillDatabase()
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(data, "pg", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var children = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Where(name => IsChild(name!, postmaster)).ToList();
        foreach (var pid in children.Prepend(postmaster.ToString(CultureInfo.InvariantCulture)))
        {
            using var kill = Process.Start("kill", ["-9", pid!]);
            kill.WaitForExit();
        }
    }

    private static bool IsChild(string pid, int parent)
    {
        try
        {
            // pid (name) state ppid ...
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture) == parent;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
