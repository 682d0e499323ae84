using System.Formats.Tar;
using System.Text;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Packages;

public sealed class PackageArchiveTests
{
    [Fact]
    public void The_json_files_of_a_package_are_read_with_their_names()
    {
        var result = PackageArchive.Read(PackageBuilder.Of(("package/package.json", "{}"), ("package/example/a.json", "[]"), ("package/readme.txt", "x")));

        Assert.Empty(result.Issues);
        Assert.Equal(["package/package.json", "package/example/a.json"], result.Entries.Select(entry => entry.Name));
        Assert.Equal("[]", Encoding.UTF8.GetString(result.Entries[1].Content.Span));
    }

    [Theory]
    [InlineData("../evil.json")]
    [InlineData("package/../../evil.json")]
    [InlineData("/etc/evil.json")]
    [InlineData("package\\..\\evil.json")]
    [InlineData("C:/evil.json")]
    [InlineData("package/a\u0001.json")]
    public void A_name_that_leads_out_of_the_archive_refuses_the_whole_package(string name)
    {
        var result = PackageArchive.Read(PackageBuilder.Of(("package/package.json", PackageBuilder.Manifest), (name, "{}")));

        Assert.Empty(result.Entries);
        var issue = Assert.Single(result.Issues);
        Assert.StartsWith("Entry 2 ", issue.Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", issue.Diagnostics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public void A_link_refuses_the_whole_package(TarEntryType type)
    {
        var result = PackageArchive.Read(PackageBuilder.Of([new PaxTarEntry(type, "package/a.json") { LinkName = "/etc/passwd" }]));

        Assert.Contains("link", Assert.Single(result.Issues).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_is_read_no_further_than_its_limits()
    {
        var small = new PackageLimits(MaxBytes: 100_000, MaxEntries: 3, MaxEntryBytes: 1000, MaxRatio: 100);

        Assert.Equal(IssueType.TooLong, Code(PackageBuilder.Of(("a.json", new string('x', 1001))), small));
        Assert.Equal(IssueType.TooLong, Code(PackageBuilder.Of(("a.json", "1"), ("b.json", "1"), ("c.json", "1"), ("d.json", "1")), small));
        Assert.Equal(IssueType.TooLong, Code(PackageBuilder.Of(("a.json", new string('x', 100_001))), small with { MaxEntryBytes = 1_000_000 }));
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_unpacked()
    {
        using var bomb = PackageBuilder.Gzip(new byte[40 << 20]);

        Assert.True(bomb.Length < 1 << 20);
        Assert.Equal(IssueType.TooCostly, Code(bomb, PackageLimits.Default));
    }

    [Theory]
    [InlineData((byte)'x', "77777777777")]
    [InlineData((byte)'L', "00001000000")]
    [InlineData((byte)'0', "77777777777")]
    public void A_header_that_claims_more_than_there_is_is_not_believed(byte type, string octal)
    {
        var tar = new byte[512 * 600];
        Encoding.ASCII.GetBytes("package/a.json").CopyTo(tar, 0);
        Encoding.ASCII.GetBytes(octal).CopyTo(tar, 124);
        tar[156] = type;

        Assert.StartsWith("Entry 1 ", Assert.Single(PackageArchive.Read(PackageBuilder.Gzip(tar)).Issues).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_archive_is_an_issue()
    {
        Assert.Equal(IssueType.Structure, Code(new MemoryStream("no archive"u8.ToArray()), PackageLimits.Default));
        Assert.Equal(IssueType.Structure, Code(PackageBuilder.Gzip("no tar"u8), PackageLimits.Default));
        Assert.Equal(IssueType.Structure, Code(new MemoryStream(), PackageLimits.Default));
    }

    [Fact]
    public void A_damaged_package_is_an_issue_or_a_package_but_never_an_exception()
    {
        var whole = PackageBuilder.Of(("package/package.json", PackageBuilder.Manifest), ("package/ValueSet-a.json", """{"resourceType":"ValueSet","url":"http://example.org/a"}""")).ToArray();
        Prop.ForAll(ArbMap.Default.ArbFor<(int, byte)>(), damage =>
        {
            var bytes = whole.ToArray();
            bytes[(int)((uint)damage.Item1 % bytes.Length)] = damage.Item2;
            var result = PackageLoader.Load(new MemoryStream(bytes));
            return result.Package is not null || !result.Issues.IsEmpty;
        }).QuickCheckThrowOnFailure();
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => PackageLoader.Load(PackageBuilder.Gzip(bytes)).Package is null).QuickCheckThrowOnFailure();
    }

    private static string Code(Stream stream, PackageLimits limits)
    {
        using (stream)
        {
            var result = PackageArchive.Read(stream, limits);
            Assert.Empty(result.Entries);
            return Assert.Single(result.Issues).Code;
        }
    }
}
