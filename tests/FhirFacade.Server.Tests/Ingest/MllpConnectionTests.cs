using System.Text;
using FhirFacade.Storage.Journal;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>What a connection stands: pipelines, pieces, noise, limits, and the end of the server.</summary>
public sealed class MllpConnectionTests(SharedIngestServer shared) : IClassFixture<SharedIngestServer>
{
    private readonly IngestServer server = shared.Server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_sent_without_waiting_are_answered_in_their_order()
    {
        await using var client = await server.ConnectAsync();
        var ids = Enumerable.Range(1, 300).Select(n => $"P-{n}").ToList();

        var writing = client.WriteAsync([.. ids.SelectMany(id => MllpTestClient.Frame(Messages.Admission(id, patient: id)))]);
        var answered = new List<string>();
        foreach (var _ in ids)
        {
            answered.Add((await client.ReadAsync()).Get("MSA-2").Text);
        }

        await writing;
        Assert.Equal(ids, answered);
        Assert.Equal(ids, (await server.RowsAsync("P-")).Select(row => row.ControlId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task A_message_may_come_in_pieces_of_any_size(int size)
    {
        await using var client = await server.ConnectAsync();

        foreach (var piece in MllpTestClient.Frame(Messages.Admission("S-1")).Chunk(size))
        {
            await client.WriteAsync(piece);
        }

        Assert.Equal("AA", (await client.ReadAsync()).Get("MSA-1").Text);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Segments_may_end_as_they_like(string lineEnd)
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission("L-1", lineEnd: lineEnd));

        Assert.Equal(("AA", "L-1"), (answer.Get("MSA-1").Text, answer.Get("MSA-2").Text));
    }

    [Fact]
    public async Task Noise_between_messages_is_skipped()
    {
        await using var client = await server.ConnectAsync();

        await client.WriteAsync([.. "GET / HTTP/1.1\r\n\r\n"u8, .. MllpTestClient.Frame(Messages.Admission("G-1")), 0x0A, 0x00, 0xFF, .. MllpTestClient.Frame(Messages.Admission("G-2"))]);

        Assert.Equal("G-1", (await client.ReadAsync()).Get("MSA-2").Text);
        Assert.Equal("G-2", (await client.ReadAsync()).Get("MSA-2").Text);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_and_the_connection_closed()
    {
        await using var strict = await IngestServer.StartAsync(new() { MaxMessageBytes = 10_000 });
        await using var client = await strict.ConnectAsync();

        await client.WriteAsync([.. MllpTestClient.Frame(Messages.Admission("M-1")), .. MllpTestClient.Frame(Messages.Admission("M-2", name: new string('x', 200_000)))]);

        Assert.Equal("M-1", (await client.ReadAsync()).Get("MSA-2").Text);
        var refusal = await client.ReadAsync();
        Assert.Equal(("AR", "104"), (refusal.Get("MSA-1").Text, refusal.Get("ERR-3.1").Text));
        Assert.Null(await client.ReadTextAsync());
        Assert.Equal("M-1", Assert.Single(await strict.RowsAsync("")).ControlId);
    }

    [Fact]
    public async Task A_message_of_several_megabytes_passes()
    {
        await using var client = await server.ConnectAsync();

        var answer = await client.AskAsync(Messages.Admission("M-3") + "NTE|1||" + new string('y', 6_000_000) + "\r");

        Assert.Equal(("AA", "M-3"), (answer.Get("MSA-1").Text, answer.Get("MSA-2").Text));
        Assert.True(Assert.Single(await server.RowsAsync("M-3")).Size > 6_000_000);
    }

    [Fact]
    public async Task A_silent_connection_is_closed()
    {
        await using var strict = await IngestServer.StartAsync(new() { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        await using var client = await strict.ConnectAsync();

        Assert.Equal("AA", (await client.AskAsync(Messages.Admission("I-1"))).Get("MSA-1").Text);
        Assert.Null(await client.ReadTextAsync());
    }

    [Fact]
    public async Task A_message_that_is_cut_off_is_not_taken()
    {
        await using (var client = await server.ConnectAsync())
        {
            await client.WriteAsync(MllpTestClient.Frame(Messages.Admission("C-1"))[..^20]);
        }

        await using var other = await server.ConnectAsync();
        await other.AskAsync(Messages.Admission("C-2"));
        Assert.Equal("C-2", Assert.Single(await server.RowsAsync("C-")).ControlId);
    }

    [Fact]
    public async Task More_connections_than_allowed_are_turned_away()
    {
        await using var strict = await IngestServer.StartAsync(new() { MaxConnections = 1 });
        await using var first = await strict.ConnectAsync();
        Assert.Equal("AA", (await first.AskAsync(Messages.Admission("X-1"))).Get("MSA-1").Text);

        await using var second = await strict.ConnectAsync();
        Assert.Null(await second.ReadTextAsync());
        Assert.Equal("AA", (await first.AskAsync(Messages.Admission("X-2"))).Get("MSA-1").Text);
    }

    [Fact]
    public async Task A_server_that_stops_has_journalled_all_it_acknowledged()
    {
        await using var stopped = await IngestServer.StartAsync();
        var acknowledged = new List<string>();
        await using var client = await stopped.ConnectAsync();
        var sending = Task.Run(async () =>
        {
            for (var n = 0; ; n++)
            {
                try
                {
                    await client.SendAsync(Messages.Admission($"Z-{n}", patient: $"Z{n}"));
                }
                catch (IOException)
                {
                    return;
                }

                if (await client.ReadTextAsync() is not { } answer)
                {
                    return;
                }

                Assert.Contains("MSA|AA|", answer, StringComparison.Ordinal);
                acknowledged.Add(answer.Split("MSA|AA|")[1].TrimEnd('\r'));
            }
        }, Stop);

        while (acknowledged.Count < 20)
        {
            await Task.Delay(5, Stop);
        }

        await stopped.StopAsync();
        await sending;
        var journalled = (await stopped.RowsAsync("Z-")).Select(row => row.ControlId).ToHashSet();
        Assert.All(acknowledged, id => Assert.Contains(id, journalled));
    }

    [Fact]
    public async Task Every_message_is_stored_or_failed_in_the_end()
    {
        await using var client = await server.ConnectAsync();
        for (var n = 0; n < 20; n++)
        {
            await client.AskAsync(Messages.Admission($"W-{n}", patient: $"W{n % 5}"));
        }

        await server.SettledAsync();
        Assert.All(await server.RowsAsync("W-"), row => Assert.Equal(JournalState.Stored, row.State));
    }
}
