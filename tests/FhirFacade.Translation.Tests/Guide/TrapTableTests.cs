using System.Text.RegularExpressions;
using FhirFacade.Translation.Profiles;

namespace FhirFacade.Translation.Tests.Guide;

/// <summary>The table of traps in the room's notes: what it names is there.</summary>
public partial class TrapTableTests
{
    private static readonly Lazy<HashSet<string>> Tests = new(static () =>
    [
        .. Directory.EnumerateFiles(Path.Combine(TestData.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(static f => Method().Matches(File.ReadAllText(f)).Select(static m => m.Groups[1].Value)),
    ]);

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(TestData.Root, "src/FhirFacade.Translation/notes.md"))
            .SkipWhile(static line => line != "## Where feeds go wrong")
            .Where(static line => Numbered().IsMatch(line))
            .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [Fact]
    public void All_twenty_seven_traps_are_in_the_table() =>
        Assert.Equal(Enumerable.Range(1, 27).Select(n => $"{n}"), Rows().Select(r => r[0]));

    [Fact]
    public void Each_trap_is_decided_in_a_file_that_is_there() =>
        Assert.All(Rows(), row => Assert.All(List(row[2]), decided => Assert.True(
            Numbered4().IsMatch(decided)
                ? Directory.EnumerateFiles(Path.Combine(TestData.Root, "conformance/decisions"), $"{decided}-*.md").Any()
                : File.ReadAllText(Path.Combine(TestData.Root, "src/FhirFacade.Translation", decided)).Contains("/// <summary>", StringComparison.Ordinal),
            $"trap {row[0]}: {decided}")));

    [Fact]
    public void Each_trap_has_tests_that_there_are() =>
        Assert.All(Rows(), row => Assert.All(List(row[3]), test => Assert.True(Tests.Value.Contains(test), $"trap {row[0]}: {test}")));

    [Fact]
    public void Each_setting_of_a_trap_is_one_of_a_feed_profile() =>
        Assert.All(Rows().Where(r => r.Length > 4 && r[4].Length > 0), row => Assert.All(List(row[4]), setting => Assert.Contains(setting, FeedSettings.Names)));

    [Fact]
    public void Every_setting_that_is_a_decision_of_a_site_stands_at_its_trap() =>
        Assert.Empty(FeedSettings.Names.Except(["tasksOfOrders", "bloodPressure", "consentsOfMessages"]).Except(Rows().Where(r => r.Length > 4).Where(r => r[4].Length > 0).SelectMany(r => List(r[4]))));

    private static string[] List(string cell)
    {
        var items = cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(items);
        return items;
    }

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\d{4}$")]
    private static partial Regex Numbered4();

    [GeneratedRegex(@"public (?:async )?(?:void|Task|ValueTask) (\w+)\(")]
    private static partial Regex Method();
}
