using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using Xunit;

namespace FhirFacade.Fhir.Tests.Packages;

public sealed class PackageLoaderTests
{
    [Fact]
    public void A_package_brings_its_definitions_and_not_its_examples()
    {
        var result = PackageLoader.Load(PackageBuilder.Of(
            ("package/package.json", PackageBuilder.Manifest),
            ("package/.index.json", "not json"),
            ("package/StructureDefinition-p.json", """
                {"resourceType":"StructureDefinition","url":"http://example.org/p","type":"Patient","derivation":"constraint","kind":"resource",
                 "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}]}}
                """),
            ("package/StructureDefinition-m.json", """{"resourceType":"StructureDefinition","url":"http://example.org/m","type":"Model","derivation":"specialization","kind":"logical"}"""),
            ("package/ValueSet-v.json", """{"resourceType":"ValueSet","url":"http://example.org/v"}"""),
            ("package/CodeSystem-c.json", """{"resourceType":"CodeSystem","url":"http://example.org/c","content":"complete","concept":[{"code":"a"}]}"""),
            ("package/ConceptMap-c.json", """{"resourceType":"ConceptMap","url":"http://example.org/cm"}"""),
            ("package/SearchParameter-s.json", """{"resourceType":"SearchParameter","url":"http://example.org/s","code":"s","type":"token","base":["Patient"],"expression":"Patient.active"}"""),
            ("package/example/ValueSet-e.json", """{"resourceType":"ValueSet","url":"http://example.org/example"}""")));

        Assert.Empty(result.Issues);
        var package = result.Package!;
        Assert.Equal(("example.guide", "1.0.0", "4.0.1"), (package.Name, package.Version, package.Dependencies["hl7.fhir.r4.core"]));
        Assert.Equal("http://example.org/p", Assert.Single(package.Profiles).Url);
        Assert.Equal("http://example.org/v", Assert.Single(package.ValueSets).Url);
        Assert.Equal("http://example.org/c", Assert.Single(package.CodeSystems).Url);
        Assert.Equal("http://example.org/cm", Assert.Single(package.ConceptMaps).Url);
        Assert.Equal("Patient.active", Assert.Single(package.SearchParameters).Expression);
    }

    [Theory]
    [InlineData("""{"name":"a","version":"1","fhirVersions":["5.0.0"]}""", IssueType.NotSupported)]
    [InlineData("""{"name":"a","version":"1"}""", IssueType.NotSupported)]
    [InlineData("""{"name":"a","fhirVersions":["4.0.1"]}""", IssueType.Required)]
    [InlineData("""["name"]""", IssueType.Required)]
    [InlineData("no json", IssueType.Structure)]
    [InlineData("""{"name":"a\ud800","version":"1","fhirVersions":["4.0.1"]}""", IssueType.Structure)]
    [InlineData("""{"name":"a","version":"1","fhirVersions":["4.0.1"],"dependencies":{"\udc00":"1"}}""", IssueType.Structure)]
    public void A_manifest_that_is_not_of_a_package_for_R4_refuses_it(string manifest, string code)
    {
        var result = PackageLoader.Load(PackageBuilder.Of(("package/package.json", manifest)));

        Assert.Null(result.Package);
        Assert.Equal(code, Assert.Single(result.Issues).Code);
    }

    [Fact]
    public void A_package_without_a_manifest_is_refused() =>
        Assert.Equal(IssueType.Required, Assert.Single(PackageLoader.Load(PackageBuilder.Of(("package/a.json", "{}"))).Issues).Code);

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"resourceType":"ValueSet","url":"a","url":"b"}""")]
    [InlineData("deep")]
    public void A_broken_file_refuses_the_package_and_is_named(string content)
    {
        var result = PackageLoader.Load(PackageBuilder.Of(
            ("package/package.json", PackageBuilder.Manifest), ("package/broken.json", content == "deep" ? new string('[', 5000) : content)));

        Assert.Null(result.Package);
        Assert.StartsWith("The file package/broken.json is broken: ", Assert.Single(result.Issues).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_resource_and_a_profile_that_cannot_be_used_are_left_out_with_an_issue()
    {
        var result = PackageLoader.Load(PackageBuilder.Of(
            ("package/package.json", PackageBuilder.Manifest), ("package/menu.json", """["home"]"""),
            ("package/StructureDefinition-x.json", """{"resourceType":"StructureDefinition","url":"http://example.org/x","type":"Patient","derivation":"constraint","snapshot":{"element":[{"path":"Patient"}]}}""")));

        Assert.NotNull(result.Package);
        Assert.Equal([IssueSeverity.Warning, IssueSeverity.Error], result.Issues.Select(issue => issue.Severity));
    }

    [Theory]
    [InlineData("us_core_311.tgz", "3.1.1")]
    [InlineData("us_core_610.tgz", "6.1.0")]
    [InlineData("us_core_700.tgz", "7.0.0")]
    public void What_is_built_in_of_US_Core_says_the_same_as_its_package(string file, string version)
    {
        using var stream = File.OpenRead(Path.Combine(SharedData.Folder("fhir/us-core"), file));
        var loaded = PackageLoader.Load(stream);
        var builtIn = UsCore.Load(version);

        Assert.Empty(loaded.Issues);
        Assert.Equal(("hl7.fhir.us.core", version), (builtIn.Name, builtIn.Version));
        Assert.Equal(loaded.Package!.Profiles.SelectMany(ProfileFile.Write), builtIn.Profiles.SelectMany(ProfileFile.Write));
        Assert.Equal(loaded.Package.ValueSets.Select(set => (set.Url, set.Includes.Sum(part => part.Codes.Count))), builtIn.ValueSets.Select(set => (set.Url, set.Includes.Sum(part => part.Codes.Count))));
        Assert.Equal(loaded.Package.CodeSystems.Select(system => system.Url), builtIn.CodeSystems.Select(system => system.Url));
        Assert.Equal(loaded.Package.SearchParameters.Select(parameter => (parameter.Url, parameter.Expression)), builtIn.SearchParameters.Select(parameter => (parameter.Url, parameter.Expression)));
        Assert.True(builtIn.Profiles.Length >= 28);
    }

    [Fact]
    public void A_version_of_US_Core_that_is_not_built_in_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentException>(() => UsCore.Load("0.0.0"));
}
