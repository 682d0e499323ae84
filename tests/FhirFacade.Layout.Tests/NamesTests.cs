using System.Text.RegularExpressions;
using Xunit;

namespace FhirFacade.Layout.Tests;

/// <summary>A reader finds a room by its name, and the tree speaks of the product alone.</summary>
public sealed partial class NamesTests
{
    [Fact]
    public void A_namespace_is_the_folder_it_stands_in()
    {
        Assert.All(SourceFiles(), path =>
        {
            var declared = NamespaceDeclaration().Match(File.ReadAllText(path));
            if (declared.Success)
            {
                var folder = Path.GetRelativePath(Path.Combine(RepositoryTree.Root, "src"), Path.GetDirectoryName(path)!);
                Assert.Equal(folder.Replace('/', '.'), declared.Groups[1].Value);
            }
        });
    }

    [Fact]
    public void No_file_has_a_name_that_says_nothing()
    {
        Assert.DoesNotContain(SourceFiles(), path => EmptyName().IsMatch(Path.GetFileName(path)));
    }

    [Fact]
    public void Nothing_is_left_for_later_in_the_code()
    {
        Assert.All(SourceFiles(), path => Assert.DoesNotMatch(Unfinished(), File.ReadAllText(path)));
    }

    private static IEnumerable<string> SourceFiles() => RepositoryTree.Files("src", "*.cs");

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"(Common|Helpers?|Utils|Utility|Manager)\.cs$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK)\b")]
    private static partial Regex Unfinished();
}
