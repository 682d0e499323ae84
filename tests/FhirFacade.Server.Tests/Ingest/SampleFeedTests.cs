using FhirFacade.Hl7v2.Framing;
using FhirFacade.Storage.Journal;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Whole feeds, from the socket to the resources.</summary>
public sealed class SampleFeedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_hospital_day_is_stored_whole_and_playing_it_again_changes_nothing()
    {
        await using var server = await IngestServer.StartAsync();
        var files = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "samples", "feeds"), "*.hl7").Order(StringComparer.Ordinal);
        var messages = files.SelectMany(file => BatchReader.Read(File.ReadAllBytes(file)).Messages).Select(part => part.Bytes.ToArray()).ToList();

        await PlayAsync(server, messages);
        Assert.Equal(new JournalCounts(0, messages.Count, 0, 0), await server.SettledAsync());
        Assert.Equal(20, await server.Database.ScalarAsync<long>("select count(*) from r.patient where not exists (select 1 from json_array_elements(doc->'link') l where l->>'type' = 'replaced-by')") + 1);
        var before = await VersionsAsync(server);

        await PlayAsync(server, messages);
        Assert.Equal(new JournalCounts(0, messages.Count, 0, messages.Count), await server.SettledAsync());
        Assert.Equal(before, await VersionsAsync(server));
    }

    [Fact]
    public async Task Every_public_message_ends_stored_or_failed_with_a_place_and_again_changes_nothing()
    {
        if (RepositoryFiles.TestData is not { } data)
        {
            Assert.Skip("the public messages are not here: set FHIRFACADE_TEST_DATA");
            return;
        }

        await using var server = await IngestServer.StartAsync();
        var files = Directory.GetFiles(Path.Combine(data, "messages"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var messages = files.SelectMany(file => Messages(File.ReadAllBytes(file))).ToList();

        await PlayAsync(server, messages);
        var counts = await server.SettledAsync();
        Assert.Equal(messages.Count, counts.Stored + counts.Failed + counts.Duplicate);
        var failed = await server.Journal.ListAsync(new(JournalState.Failed, Limit: 1000), Stop);
        Assert.All(failed, row => Assert.False(string.IsNullOrEmpty(row.Error?.Location)));
        Assert.DoesNotContain(failed, row => row.Error!.Code == 207);
        var before = await VersionsAsync(server);

        await PlayAsync(server, messages);
        var again = await server.SettledAsync();
        Assert.Equal((counts.Stored, counts.Failed, counts.Duplicate + messages.Count), (again.Stored, again.Failed, again.Duplicate));
        Assert.Equal(before, await VersionsAsync(server));

        // Not as duplicates: each is translated and laid over what is stored once more, in the same order.
        var ended = await EndedVersionsAsync(server);
        var attempts = await server.Database.ScalarAsync<long>("select sum(attempts) from journal");
        foreach (var row in (await server.Journal.ListAsync(new(Limit: 10_000), Stop)).Where(row => row.State is JournalState.Stored or JournalState.Failed).OrderBy(row => row.Id))
        {
            Assert.Equal(ReplayOutcome.Queued, await server.Journal.ReplayAsync(row.Id, Stop));
        }

        var replayed = await server.SettledAsync();
        Assert.Equal(again, replayed);
        Assert.Equal(attempts + replayed.Stored + replayed.Failed, await server.Database.ScalarAsync<long>("select sum(attempts) from journal"));

        Assert.Empty((await EndedVersionsAsync(server)).Except(ended));
        Assert.Equal(before, await VersionsAsync(server));
        TestContext.Current.SendDiagnosticMessage($"{messages.Count} messages: {counts}");
    }

    private static IEnumerable<byte[]> Messages(byte[] file)
    {
        var content = BatchReader.Read(file);
        return content.Messages.IsEmpty ? [file] : content.Messages.Select(part => part.Bytes.ToArray());
    }

    // Without waiting for the answers; every message gets one in the end.
    private static async Task PlayAsync(IngestServer server, List<byte[]> messages)
    {
        await using var client = await server.ConnectAsync();
        var writing = Task.Run(async () =>
        {
            foreach (var message in messages)
            {
                await client.WriteAsync(MllpTestClient.Frame(message));
            }
        }, Stop);
        foreach (var message in messages.Where(WantsAnswer))
        {
            Assert.NotNull(await client.ReadTextAsync());
        }

        await writing;
    }

    private static bool WantsAnswer(byte[] message)
    {
        var read = Hl7v2.Parsing.Hl7Message.Parse(message);
        var mode = Hl7v2.Acks.AckMode.Of(read.Message);
        return mode.WantsAccept(!read.IsRejected) || mode.WantsApplication(!read.IsRejected);
    }

    private static async Task<string[]> EndedVersionsAsync(IngestServer server) =>
        (await server.Database.ScalarAsync<string>("select coalesce(string_agg(type || '/' || id || ' ' || version, ',' order by type, id, version), '') from history")).Split(',');

    // Every table of resources: how many rows, and the sum of their versions.
    private static async Task<string> VersionsAsync(IngestServer server) => await server.Database.ScalarAsync<string>("""
        select string_agg(t.tablename || ' ' || (xpath('/row/n/text()', x))[1]::text || ' ' || coalesce((xpath('/row/v/text()', x))[1]::text, '0'), ', ' order by t.tablename)
        from pg_tables t, query_to_xml(format('select count(*) as n, sum(version) as v from r.%I', t.tablename), false, true, '') x
        where t.schemaname = 'r'
          and exists (select from information_schema.columns c where c.table_schema = 'r' and c.table_name = t.tablename and c.column_name = 'version')
        """);
}
