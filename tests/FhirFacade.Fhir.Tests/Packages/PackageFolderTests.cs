using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Packages;

public sealed class PackageFolderTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Fact]
    public void An_installed_package_is_loaded_again_and_replaces_its_earlier_version()
    {
        Assert.Empty(PackageFolder.Load(_folder));
        Install("example.guide", "1.0.0");
        Install("example.guide", "1.1.0");
        Install("example.guide.more", "1.0.0");

        var packages = PackageFolder.Load(_folder).Select(result => result.Package!).ToList();
        Assert.Equal([("example.guide", "1.1.0"), ("example.guide.more", "1.0.0")], packages.Select(package => (package.Name, package.Version)));
        Assert.NotNull(ResourceValidator.R4.With(packages).Terminology.ValueSet("http://example.org/example.guide"));
    }

    [Theory]
    [InlineData("../guide", "1.0.0")]
    [InlineData("guide", "../1")]
    [InlineData("a/b", "1")]
    [InlineData("a#b", "1")]
    public void A_name_that_is_no_file_name_is_refused(string name, string version)
    {
        Assert.Null(PackageFolder.Install(_folder, Tgz(name, version)).Package);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void What_is_refused_is_not_kept()
    {
        Assert.Null(PackageFolder.Install(_folder, "no package"u8.ToArray()).Package);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public void A_removed_package_is_gone_and_others_stay()
    {
        Install("example.guide", "1.0.0");
        Install("example.guide.more", "2.0.0");
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "x");

        Assert.Empty(PackageFolder.Remove(_folder, "example.guide", "9.9.9"));
        Assert.Empty(PackageFolder.Remove(_folder, "../example.guide"));
        Assert.Equal("1.0.0", Assert.Single(PackageFolder.Remove(_folder, "example.guide")).Version);
        Assert.Equal(["example.guide.more"], PackageFolder.List(_folder).Select(package => package.Name));
    }

    [Fact]
    public void A_file_that_has_been_damaged_since_is_an_issue()
    {
        Install("example.guide", "1.0.0");
        File.WriteAllText(PackageFolder.List(_folder)[0].File, "damaged");

        Assert.NotEmpty(Assert.Single(PackageFolder.Load(_folder)).Issues);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static byte[] Tgz(string name, string version) => PackageBuilder.Of(
        ("package/package.json", $$"""{"name":"{{name}}","version":"{{version}}","fhirVersions":["4.0.1"]}"""),
        ("package/ValueSet-v.json", $$"""{"resourceType":"ValueSet","url":"http://example.org/{{name}}"}""")).ToArray();

    private void Install(string name, string version) => Assert.NotNull(PackageFolder.Install(_folder, Tgz(name, version)).Package);
}
