using System.Text.RegularExpressions;
using Xunit;

namespace FhirFacade.Layout.Tests;

/// <summary>What the security page says is tested has a test.</summary>
public sealed partial class SecurityPageTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryTree.Root, "SECURITY.md"));

    [Fact]
    public void Every_test_that_it_names_is_there()
    {
        var classes = RepositoryTree.Files("tests", "*.cs").SelectMany(path => Class().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        var named = Lines.SelectMany(line => Quoted().Matches(line).Select(match => match.Groups[1].Value)).Where(name => name.EndsWith("Tests", StringComparison.Ordinal))
            .Concat(Rows().SelectMany(row => Quoted().Matches(row[^1]).Select(match => match.Groups[1].Value.Split('.')[0]))).Distinct().ToList();
        Assert.True(named.Count > 20, "the page names no tests");
        Assert.Empty(named.Except(classes));
    }

    [Fact]
    public void Every_attack_in_its_tables_names_a_test() => Assert.All(Rows(), row => Assert.Matches(Quoted(), row[^1]));

    [Fact]
    public void Every_folder_that_it_names_is_there() => Assert.All(
        Lines.SelectMany(line => Folder().Matches(line)).Select(match => match.Groups[1].Value.TrimEnd('/')),
        path => Assert.True(Path.Exists(Path.Combine(RepositoryTree.Root, path)) || IsDecision(path), path));

    // A decision may be named by its number alone.
    private static bool IsDecision(string path) =>
        path.StartsWith("conformance/decisions/", StringComparison.Ordinal) && Directory.EnumerateFiles(Path.Combine(RepositoryTree.Root, "conformance", "decisions"), Path.GetFileName(path) + "-*").Any();

    // The rows of those tables whose last column is the test.
    private static List<string[]> Rows()
    {
        var rows = new List<string[]>();
        var isOfTests = false;
        foreach (var line in Lines)
        {
            if (!line.StartsWith('|'))
            {
                isOfTests = false;
                continue;
            }
            var cells = line.Trim('|').Split('|');
            if (cells[^1].Trim() == "test")
            {
                isOfTests = true;
            }
            else if (isOfTests && !line.StartsWith("|---", StringComparison.Ordinal))
            {
                rows.Add(cells);
            }
        }
        return rows;
    }

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"`(?:\w+/)*([A-Z][\w.]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"`((?:tests|src|conformance)/[\w./-]+)`")]
    private static partial Regex Folder();
}
