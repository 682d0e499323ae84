using System.Net;
using System.Net.Sockets;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>What the program says, and with which exit code, when it is called from a shell.</summary>
public sealed class CommandLineTests(SharedIngestServer shared) : IClassFixture<SharedIngestServer>, IDisposable
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody";

    private readonly string data = Directory.CreateTempSubdirectory("fhirfacade-cli-").FullName;

    [Fact]
    public async Task Help_is_no_error()
    {
        var (code, output, _) = await HostProcess.RunAsync(["--help"]);

        Assert.Equal(0, code);
        Assert.All(new[] { "serve", "journal", "send", "token" }, command => Assert.Contains(command, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "bake")]
    [InlineData(2, "journal", "show")]
    [InlineData(2, "journal", "show", "one")]
    [InlineData(2, "token")]
    [InlineData(2, "send")]
    [InlineData(2, "send", "x.hl7", "--connections", "0")]
    [InlineData(1, "send", "no-such-file.hl7")]
    [InlineData(1, "journal", "list")]
    [InlineData(1, "token", "--scope", "system/*.rs")]
    [InlineData(1, "serve", "--config", "no-such-file.json")]
    [InlineData(1, "serve", "--http", "ftp://127.0.0.1")]
    [InlineData(1, "serve", "--mllp-port", "0")]
    public async Task What_cannot_be_done_is_one_line_and_an_exit_code(int expected, params string[] arguments)
    {
        var (code, _, error) = await HostProcess.RunAsync(arguments, ("DataDirectory", data));

        Assert.Equal(expected, code);
        AssertOneLine(error);
    }

    [Theory]
    [InlineData("Mllp__Port", "many", "Mllp:Port")]
    [InlineData("Mllp__MaxMessageBytes", "1", "Mllp:MaxMessageBytes")]
    [InlineData("Mllp__Tls__CertificateFile", "/nowhere.pem", "Mllp:Tls:CertificateFile")]
    [InlineData("Ingest__TimeZone", "Mars/Olympus", "Ingest:TimeZone")]
    [InlineData("Ingest__Workers", "0", "Ingest:Workers")]
    [InlineData("Storage__ConnectionString", "this is none", "Storage:ConnectionString")]
    [InlineData("Storage__ConectionString", "misspelt", "ConectionString")]
    public async Task A_wrong_setting_is_named(string name, string value, string expected)
    {
        var (code, _, error) = await HostProcess.RunAsync(["serve"], ("DataDirectory", data), ("Storage__ConnectionString", Nowhere), (name, value));

        Assert.Equal(1, code);
        AssertOneLine(error);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_one_line()
    {
        var (code, _, error) = await HostProcess.RunAsync(["serve"], ("DataDirectory", data), ("Storage__ConnectionString", Nowhere));

        Assert.Equal(1, code);
        AssertOneLine(error);
        Assert.Contains("database", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (code, output, error) = await HostProcess.RunAsync(
            ["serve", "--http", $"http://127.0.0.1:{IngestServer.FreePort()}", "--mllp-port", $"{port}"],
            ("DataDirectory", data), ("Storage__ConnectionString", shared.Server.Database.ConnectionString));

        Assert.Equal(1, code);
        AssertOneLine(error);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_sent_and_the_journal_shows_and_replays_them()
    {
        var file = Path.Combine(data, "day.hl7");
        await File.WriteAllTextAsync(file, Messages.Admission("CLI-1", lineEnd: "\n") + Messages.Admission("CLI-2", "T2", lineEnd: "\n"), TestContext.Current.CancellationToken);
        (string, string)[] environment = [("DataDirectory", data), ("Storage__ConnectionString", shared.Server.Database.ConnectionString)];

        var sent = await HostProcess.RunAsync(["send", file, "--port", $"{shared.Server.MllpPort}", "--connections", "2"], environment);
        Assert.Equal((0, ""), (sent.ExitCode, sent.Error));
        Assert.StartsWith("2 sent, 2 accepted, 0 refused", sent.Out, StringComparison.Ordinal);

        await shared.Server.SettledAsync();
        Assert.Equal(2, (await shared.Server.RowsAsync("CLI-")).Count);
        var row = Assert.Single(await shared.Server.RowsAsync("CLI-1"));
        var listed = await HostProcess.RunAsync(["journal", "list", "--state", "stored"], environment);
        Assert.Contains("CLI-2", listed.Out, StringComparison.Ordinal);

        var shown = await HostProcess.RunAsync(["journal", "show", $"{row.Id}"], environment);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("CLI-1", shown.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Quill", shown.Out, StringComparison.Ordinal);
        var message = await HostProcess.RunAsync(["journal", "show", $"{row.Id}", "--message"], environment);
        Assert.Contains("Quill", message.Out, StringComparison.Ordinal);

        var replayed = await HostProcess.RunAsync(["journal", "replay", $"{row.Id}"], environment);
        Assert.Equal((0, $"{row.Id} queued"), (replayed.ExitCode, replayed.Out.Trim()));
        await shared.Server.SettledAsync();
        Assert.Equal(row.Attempts + 1, (await shared.Server.RowsAsync("CLI-1"))[0].Attempts);
    }

    [Fact]
    public async Task A_message_that_asks_for_no_answer_does_not_hold_up_the_next()
    {
        var file = Path.Combine(data, "silent.hl7");
        var silent = Messages.Admission("MUTE-1", acceptAck: "NE", applicationAck: "NE");
        await File.WriteAllTextAsync(file, silent + Messages.Admission("MUTE-2"), TestContext.Current.CancellationToken);

        var sent = await HostProcess.RunAsync(["send", file, "--port", $"{shared.Server.MllpPort}"], ("DataDirectory", data));

        Assert.Equal((0, ""), (sent.ExitCode, sent.Error));
        Assert.StartsWith("2 sent, 1 accepted, 1 asked for no answer, 0 refused", sent.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_are_refused_are_listed_and_the_exit_code_says_so()
    {
        var file = Path.Combine(data, "bad.hl7");
        await File.WriteAllTextAsync(file, Messages.Admission("BAD-1").Replace("ADT^A01^ADT_A01", "", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output, error) = await HostProcess.RunAsync(["send", file, "--port", $"{shared.Server.MllpPort}"], ("DataDirectory", data));

        Assert.Equal(1, code);
        Assert.StartsWith("1 sent, 0 accepted, 1 refused", output, StringComparison.Ordinal);
        Assert.StartsWith("bad.hl7 message 1: AE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_server_is_found_by_its_data_directory_and_stops_on_interrupt()
    {
        (string, string)[] environment = [("DataDirectory", data), ("Storage__ConnectionString", shared.Server.Database.ConnectionString)];
        string[] ports = ["--http", $"http://127.0.0.1:{IngestServer.FreePort()}", "--mllp-port", $"{IngestServer.FreePort()}", "--demo"];
        await using var server = await HostProcess.ServeAsync(ports, environment);

        var token = await HostProcess.RunAsync(["token", "--scope", "patient/*.rs", "--patient", "p1"], environment);
        Assert.Equal(0, token.ExitCode);
        Assert.Equal(3, token.Out.Trim().Split('.').Length);

        var second = await HostProcess.RunAsync(["serve", .. ports], environment);
        Assert.Equal(1, second.ExitCode);
        AssertOneLine(second.Error);

        Assert.Equal(0, await server.InterruptAsync());
        var after = await HostProcess.RunAsync(["token", "--scope", "patient/*.rs", "--patient", "p1"], environment);
        Assert.Equal(1, after.ExitCode);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static void AssertOneLine(string error)
    {
        Assert.StartsWith("fhirfacade: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
