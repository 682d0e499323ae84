using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Fhir.Tests.Definitions;

/// <summary>The files under <c>conformance/</c> are what the generator makes of the published packages, byte for byte.</summary>
public sealed class GeneratedFilesTests : IDisposable
{
    private static readonly string Conformance = Path.Combine(RepositoryFiles.Root, "conformance");

    private readonly DirectoryInfo output = Directory.CreateTempSubdirectory("fhirfacade-definitions-");

    [Theory]
    [InlineData("us_core_311.tgz", "3.1.1")]
    [InlineData("us_core_610.tgz", "6.1.0")]
    [InlineData("us_core_700.tgz", "7.0.0")]
    public async Task Us_core_is_generated_again_as_it_is_kept(string package, string version)
    {
        await GenerateAsync(Path.Combine(SharedData.Folder(Path.Combine("fhir", "us-core")), package));
        AssertSame(Path.Combine(Conformance, "us-core", version));
    }

    [Fact]
    public async Task R4_is_generated_again_as_it_is_kept()
    {
        foreach (var file in new[] { "package.json", "package-lock.json" })
        {
            File.Copy(Path.Combine(Conformance, file), Path.Combine(output.FullName, file));
        }

        var (installed, why) = await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        Assert.SkipUnless(installed == 0, $"npm cannot install the package of R4's definitions here: {why}");
        await GenerateAsync(Path.Combine(output.FullName, "node_modules", "@medplum", "definitions"));
        AssertSame(Path.Combine(Conformance, "r4"));
    }

    public void Dispose() => output.Delete(recursive: true);

    private async Task GenerateAsync(string source)
    {
        var generator = Path.Combine(AppContext.BaseDirectory, "FhirFacade.Definitions.dll");
        var (code, said) = await RunAsync("dotnet", generator, source, Path.Combine(output.FullName, "made"));
        Assert.True(code == 0, said);
    }

    private void AssertSame(string kept)
    {
        var made = Path.Combine(output.FullName, "made");
        Assert.Equal(Names(kept), Names(made));
        Assert.All(Names(made), name => Assert.True(File.ReadAllBytes(Path.Combine(kept, name!)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(made, name!))), name));
    }

    private static IEnumerable<string?> Names(string folder) => Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private Task<(int Code, string Output)> RunAsync(string program, params string[] arguments) =>
        ExternalProgram.RunAsync(output.FullName, program, arguments, TestContext.Current.CancellationToken);
}
