using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FhirFacade.Server.Embedded;
using FhirFacade.Storage.Journal;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using Npgsql;
using Xunit;

namespace FhirFacade.Server.Tests.Embedded;

public sealed class KilledDatabaseTests : IDisposable
{
    private const int Senders = 8;
    private const int MessagesEach = 150;

    private readonly string directory = Path.Combine(Path.GetTempPath(), "fhirfacade-killed-" + Guid.NewGuid().ToString("N")[..8]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_stored_exactly_once_although_the_database_was_killed_again_and_again()
    {
        await using var cluster = await PrivatePostgres.StartAsync(new(directory), null, Token);
        await using var dataSource = DataSources.Create(cluster.ConnectionString);
        await Migrator.MigrateAsync(dataSource, Token);
        var signal = new JournalSignal();
        await using var journal = new JournalWriter(dataSource, signal);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var working = new JournalWorkers(dataSource, signal, TimeProvider.System, new() { Workers = 2, MessagesInTransaction = 5 }).RunAsync(Translate, stop.Token);

        var acknowledged = new ConcurrentDictionary<string, long>();
        var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(journal, sender, acknowledged))));
        for (var kill = 1; kill <= 3; kill++)
        {
            await UntilAsync(() => acknowledged.Count > kill * Senders * MessagesEach / 5);
            var before = cluster.ProcessId!.Value;
            using (var postmaster = Process.GetProcessById(before))
            {
                postmaster.Kill();
            }

            await UntilAsync(() => cluster.ProcessId is { } now && now != before);
        }

        await sending;
        Assert.Equal(Senders * MessagesEach, acknowledged.Count);
        var reader = new JournalReader(dataSource, signal);
        await UntilAsync(() => Count(reader) is { Received: 0 });
        await stop.CancelAsync();
        await working;

        Assert.Equal(0, Count(reader)!.Failed);
        Assert.Equal(Senders * MessagesEach, Count(reader)!.Stored);
        await using var stored = dataSource.CreateCommand("select id from r.patient where version = 1");
        var ids = new HashSet<string>();
        await using var rows = await stored.ExecuteReaderAsync(Token);
        while (await rows.ReadAsync(Token))
        {
            ids.Add(rows.GetString(0));
        }

        Assert.Equal(acknowledged.Keys.Order(), ids.Order());
    }

    public void Dispose()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // A sender of HL7 v2 sends again what was not acknowledged.
    private static async Task SendAsync(JournalWriter journal, int sender, ConcurrentDictionary<string, long> acknowledged)
    {
        for (var number = 0; number < MessagesEach; number++)
        {
            var controlId = $"s{sender}-{number}";
            while (true)
            {
                try
                {
                    var receipt = await journal.AppendAsync(
                        new($"sender{sender}", controlId, "ADT^A01", DateTimeOffset.UtcNow, "MSH|"u8.ToArray(), Lanes.For([controlId], ""), ""), Token);
                    Assert.True(acknowledged.TryAdd(controlId, receipt.Id));
                    break;
                }
                catch (JournalUnavailableException)
                {
                    await Task.Delay(10, Token);
                }
            }
        }
    }

    private static MessageOutcome Translate(JournalMessage message) => new MessageOutcome.Store(
        [new("Patient", message.ControlId, new JsonObject { ["resourceType"] = "Patient", ["active"] = true }, ChangeMode.Merge)]);

    private static JournalCounts? Count(JournalReader reader)
    {
        try
        {
            return reader.CountAsync(Token).GetAwaiter().GetResult();
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, Token);
        }
    }
}
