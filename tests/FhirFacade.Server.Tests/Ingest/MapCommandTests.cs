using System.Text.Json;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary><c>map explain</c>, <c>map test</c> and <c>map check</c>, as their users call them.</summary>
public sealed class MapCommandTests : IDisposable
{
    private const string Lab = "match: {sendingApplication: TESTADT}\nsegments:\n  PID-Patient:\n    - drop: PID-7\n";

    private readonly FeedFolderOfTest feeds = new(("lab.yaml", Lab));
    private readonly FeedFolderOfTest messages = new();

    [Fact]
    public async Task Explain_says_of_each_field_what_it_became_and_shows_no_value_unasked()
    {
        var file = Write("a.hl7", Messages.Admission("X-1", lineEnd: "\n"));

        var (code, text, error) = await MapAsync("explain", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"a\.hl7 message 1: ADT\^A01, feed lab@[0-9a-f]{12} \(sendingApplication TESTADT\)", text);
        Assert.Matches(@"PID-5 +-> Patient\.name\[\] +XPN -> HumanName", text);
        Assert.Matches(@"PID-7 +unmapped", text);
        Assert.Contains("1 Patient", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Quill", text, StringComparison.Ordinal);
        Assert.DoesNotContain("19800101", text, StringComparison.Ordinal);

        Assert.Contains("\"Quill^Edda\"", (await MapAsync("explain", file, "--show-phi")).Out, StringComparison.Ordinal);
        Assert.Matches(@"PID-7 +-> Patient\.birthDate +DTM -> date", (await MapAsync("explain", file, "--profile", "default")).Out);
    }

    [Fact]
    public async Task Explain_accounts_for_every_populated_field_as_json_too()
    {
        var file = Write("a.hl7", Messages.Admission("X-1", lineEnd: "\n"));
        var (_, text, _) = await MapAsync("explain", file, "--json");

        using var json = JsonDocument.Parse(text);
        var message = json.RootElement[0];
        Assert.StartsWith("lab@", message.GetProperty("feed").GetString(), StringComparison.Ordinal);
        var pid = message.GetProperty("segments").EnumerateArray().Single(s => s.GetProperty("segment").GetString() == "PID");
        var fields = pid.GetProperty("fields").EnumerateArray().Concat(pid.GetProperty("unmapped").EnumerateArray()).Select(f => f.GetProperty("field").GetString()!.Split('(', '.')[0]);
        Assert.Equal(["PID-1", "PID-3", "PID-5", "PID-7", "PID-8"], fields.Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("Quill", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_writes_what_comes_out_and_then_finds_each_difference_by_its_place()
    {
        Write("a.hl7", Messages.Admission("X-1", lineEnd: "\n"));
        Write("b.hl7", Messages.Admission("X-2", "T2", lineEnd: "\n") + Messages.Admission("X-3", "T3", lineEnd: "\n"));

        var missing = await MapAsync("test", messages.Path);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("a.json is not there", missing.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await MapAsync("test", messages.Path, "--update")).ExitCode);
        Assert.Equal((0, "2 as expected, 0 not"), Last(await MapAsync("test", messages.Path)));

        feeds.Write("lab.yaml", Lab + "    - drop: PID-8\n");
        var (code, text, _) = await MapAsync("test", messages.Path);
        Assert.Equal(1, code);
        Assert.Matches(@"Patient/\S+: Patient\.gender is missing\n", text);
        Assert.Matches(@"message 2: Patient/\S+: Patient\.gender is missing\n", text);
        Assert.DoesNotContain("female", text, StringComparison.Ordinal);
        Assert.Contains("expected \"female\", found nothing", (await MapAsync("test", messages.Path, "--show-phi")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_lists_the_profiles_and_everything_that_is_wrong()
    {
        Assert.Equal(0, (await MapAsync("check")).ExitCode);
        feeds.Write("other.yaml", "extends: nobody");
        feeds.Write("third.yaml", "settings: {colour: red}");

        var (code, text, error) = await MapAsync("check");
        Assert.Equal(1, code);
        Assert.Matches("lab@[0-9a-f]{12}  lab.yaml", text);
        Assert.Matches(@"^other\.yaml:1: .*\nthird\.yaml:1: .*\n$", error);
    }

    public void Dispose()
    {
        feeds.Dispose();
        messages.Dispose();
    }

    private static (int, string) Last((int ExitCode, string Out, string Error) result) => (result.ExitCode, result.Out.TrimEnd().Split('\n')[^1]);

    private Task<(int ExitCode, string Out, string Error)> MapAsync(params string[] arguments) =>
        HostProcess.RunAsync(["map", .. arguments], ("DataDirectory", messages.Path), ("Feeds__Directory", feeds.Path));

    private string Write(string name, string text)
    {
        messages.Write(name, text);
        return Path.Combine(messages.Path, name);
    }
}
