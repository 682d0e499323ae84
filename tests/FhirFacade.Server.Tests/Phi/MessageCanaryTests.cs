using System.Text;
using FhirFacade.Server.Tests.Ingest;

namespace FhirFacade.Server.Tests.Phi;

/// <summary>Feeds that are full of canaries, understood or not, by each way in: no acknowledgement, no reason for a failure and no log says what a field said.</summary>
public sealed class MessageCanaryTests : IAsyncLifetime
{
    private const int Connections = 4;
    private const string Sought = "%" + Overheard.Canary + "%";

    private IngestServer server = null!;

    public async ValueTask InitializeAsync() => server = await IngestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Nothing_that_a_message_says_is_written_down_outside_of_the_store()
    {
        var messages = Read().SelectMany(text => new[] { CanaryMessage.Of(text, everywhere: false), CanaryMessage.Of(text, everywhere: true) }).ToList();
        Assert.NotEmpty(messages);
        var answers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(lane => SendAsync([.. messages.Where((_, i) => i % Connections == lane)])));
        var counts = await server.SettledAsync();
        Assert.All(answers.SelectMany(lane => lane), answer => Assert.DoesNotContain(Overheard.Canary, answer, StringComparison.OrdinalIgnoreCase));
        Assert.True(counts.Stored > 0 && counts.Failed > 0, $"{counts.Stored} stored, {counts.Failed} failed");
        Assert.Equal(0, await server.Database.ScalarAsync<long>("select count(*) from journal where concat(error_location, error_rule, unmapped, warnings) ilike $1", Sought));
        Assert.True(await server.Database.ScalarAsync<long>("select count(*) from r.patient where doc::text ilike $1", Sought) > 0);
        Assert.Empty(Overheard.Songs);
        TestContext.Current.TestOutputHelper?.WriteLine($"{messages.Count} messages, {counts.Stored} stored, {counts.Failed} failed, {Overheard.Lines} lines listened to");
    }

    [Fact]
    public async Task The_server_prints_nothing_of_a_file_that_is_sent_to_it()
    {
        var directory = Directory.CreateTempSubdirectory("fhirfacade-canary-").FullName;
        try
        {
            var file = Path.Combine(directory, "canaries.hl7");
            await File.WriteAllTextAsync(file, string.Join('\r', Samples().SelectMany(text => new[] { CanaryMessage.Of(text, false), CanaryMessage.Of(text, true) })), TestContext.Current.CancellationToken);
            var data = Path.Combine(directory, "data");
            var (http, mllp) = (IngestServer.FreePort(), IngestServer.FreePort());
            await using var host = await HostProcess.ServeAsync(["--data", data, "--http", $"http://127.0.0.1:{http}", "--mllp-port", $"{mllp}"], ("Storage__ConnectionString", server.Database.ConnectionString));
            var sent = await HostProcess.RunAsync(["send", file, "--data", data]);
            await server.SettledAsync();
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
            await client.GetAsync("/fhir/Patient?name=Canary", TestContext.Current.CancellationToken);
            await host.InterruptAsync();
            Assert.DoesNotContain(Overheard.Canary, host.Output + sent.Out.Replace(file, "", StringComparison.Ordinal) + sent.Error.Replace(file, "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<IReadOnlyList<string>> SendAsync(IReadOnlyList<string> messages)
    {
        var answers = new List<string>();
        await using var client = await server.ConnectAsync();
        for (var i = 0; i < messages.Count; i++)
        {
            if (i % 3 == 0 || !IsAnswered(messages[i]))
            {
                using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(messages[i]));
                body.Headers.TryAddWithoutValidation("Content-Type", "application/hl7-v2");
                using var answer = await server.Http.PostAsync("/hl7v2", body, TestContext.Current.CancellationToken);
                answers.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
            else
            {
                await client.SendAsync(messages[i]);
                answers.Add(await client.ReadTextAsync() ?? throw new InvalidOperationException("the server closed the connection"));
            }
        }

        return answers;
    }

    // By MLLP, one that says of itself when it wants to be acknowledged (MSH-15, 16) may get no answer.
    private static bool IsAnswered(string message)
    {
        var header = message.Split('\r', 2)[0].Split('|');
        return header is ["MSH", ..] && header.Length > 11 && string.Concat(header.Skip(14).Take(2)).Length == 0;
    }

    private static IEnumerable<string> Read() => RepositoryFiles.TestData is { } data
        ? Directory.EnumerateFiles(Path.Combine(data, "messages"), "*", SearchOption.AllDirectories).Select(path => File.ReadAllText(path, Encoding.Latin1)).Where(text => text.StartsWith("MSH", StringComparison.Ordinal)).Concat(Samples())
        : Samples();

    private static IEnumerable<string> Samples() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "samples", "feeds"), "*.hl7").Order(StringComparer.Ordinal)
            .SelectMany(path => File.ReadAllText(path).ReplaceLineEndings("\r").Split("\rMSH").Select((text, i) => i == 0 ? text : "MSH" + text));
}
