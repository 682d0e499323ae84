using System.Net;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Feed profiles in a running server.</summary>
public sealed class FeedProfileTests
{
    private const string Named = "match: {sendingApplication: TESTADT}\nauthorities: {TESTHOSPITAL: 'http://site.example/mrn/";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_profile_that_changes_while_messages_stream_loses_none_and_each_is_of_the_old_or_of_the_new_one()
    {
        using var folder = new FeedFolderOfTest(("adt.yaml", Named + "1'}"));
        await using var server = await IngestServer.StartAsync(feeds: folder.Options);
        await using var client = await server.ConnectAsync();
        var sent = 0;
        var systems = new HashSet<string>();
        for (var generation = 2; generation <= 4; generation++)
        {
            folder.Write("adt.yaml", Named + generation + "'}");
            while (!systems.Contains($"http://site.example/mrn/{generation}"))
            {
                for (var i = 0; i < 20; i++)
                {
                    sent++;
                    Assert.Equal("AA", (await client.AskAsync(Messages.Admission($"STREAM-{sent}", $"S{sent}"))).Get("MSA-1").Text);
                }

                await server.SettledAsync();
                systems = [.. (await server.Database.ScalarAsync<string[]>("select array_agg(distinct doc->'identifier'->0->>'system') from r.patient"))];
            }
        }

        var rows = await server.RowsAsync("STREAM-");
        Assert.Equal(sent, rows.Count);
        Assert.All(rows, row => Assert.Equal(Storage.Journal.JournalState.Stored, row.State));
        Assert.All(systems, system => Assert.Matches("^http://site.example/mrn/[1234]$", system));

        // One version of the profile goes with one system, in the journal and in the provenance.
        var pairs = await server.Database.ScalarAsync<string[]>("""
            select array_agg(distinct concat(p.doc->'identifier'->0->>'system', ' ', j.feed, ' ', v.doc->'policy'->>0))
            from r.patient p join journal j on j.id = p.source join r.provenance v on v.source = j.id
            """);
        Assert.Equal(systems.Count, pairs.Length);
        Assert.All(pairs.Select(pair => pair.Split(' ')), parts => Assert.Equal($"urn:fhirfacade:feed:{parts[1].Replace('@', ':')}", parts[2]));
        Assert.All(rows, row => Assert.Equal($"mllp:{server.MllpPort}", row.Listener));
    }

    [Fact]
    public async Task A_broken_profile_leaves_the_old_one_in_force_and_says_file_line_and_reason()
    {
        using var folder = new FeedFolderOfTest(("adt.yaml", Named + "good'}"));
        await using var server = await IngestServer.StartAsync(feeds: folder.Options);
        Assert.Equal(HttpStatusCode.OK, (await HealthAsync(server)).Status);

        folder.Write("adt.yaml", Named + "new'}\nsettings:\n  timeZone: Mars/Olympus");
        var (status, text) = await HealthAsync(server);
        while (status == HttpStatusCode.OK)
        {
            await Task.Delay(50, Stop);
            (status, text) = await HealthAsync(server);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("adt.yaml:4: timeZone must be a time zone", text, StringComparison.Ordinal);

        await using var client = await server.ConnectAsync();
        await client.AskAsync(Messages.Admission("BROKEN-1"));
        await server.SettledAsync();
        Assert.Equal("http://site.example/mrn/good", await server.Database.ScalarAsync<string>("select doc->'identifier'->0->>'system' from r.patient"));

        folder.Write("adt.yaml", Named + "mended'}");
        while ((await HealthAsync(server)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(50, Stop);
        }

        await client.AskAsync(Messages.Admission("BROKEN-2"));
        await server.SettledAsync();
        Assert.Contains("mended", await server.Database.ScalarAsync<string>("select string_agg(doc::text, '') from r.patient"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replayed_message_is_read_by_the_profile_of_now_and_remembers_its_listener()
    {
        using var folder = new FeedFolderOfTest();
        await using var server = await IngestServer.StartAsync(feeds: folder.Options);
        await using var client = await server.ConnectAsync();
        await client.AskAsync(Messages.Admission("AGAIN-1"));
        await server.SettledAsync();
        var before = (await server.RowsAsync("AGAIN-1"))[0];
        Assert.StartsWith("default@", before.Feed, StringComparison.Ordinal);

        folder.Write("late.yaml", $"match: {{listener: 'mllp:{server.MllpPort}'}}\nauthorities: {{TESTHOSPITAL: 'http://site.example/late'}}");
        while (!(await HealthAsync(server)).Text.Contains("late@", StringComparison.Ordinal))
        {
            await Task.Delay(50, Stop);
        }

        await server.Journal.ReplayAsync(before.Id, Stop);
        await server.SettledAsync();
        Assert.StartsWith("late@", (await server.RowsAsync("AGAIN-1"))[0].Feed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_does_not_start_with_a_broken_profile_and_says_where_it_is()
    {
        using var folder = new FeedFolderOfTest(("adt.yaml", "# ours\nextends: nobody"));
        using var data = new FeedFolderOfTest();
        await using var database = await TestSupport.TestCluster.NewDatabaseAsync();

        var (code, _, error) = await HostProcess.RunAsync(
            ["serve", "--http", $"http://127.0.0.1:{IngestServer.FreePort()}", "--mllp-port", "-1"],
            ("DataDirectory", data.Path), ("Feeds__Directory", folder.Path), ("Storage__ConnectionString", database.ConnectionString));

        Assert.Equal(1, code);
        Assert.Contains("adt.yaml:2: there is no profile nobody", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(IngestServer server)
    {
        using var answer = await server.Http.GetAsync("/health/feeds", Stop);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
    }
}
