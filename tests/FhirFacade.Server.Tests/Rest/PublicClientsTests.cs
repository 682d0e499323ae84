using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>The public clients fhir-kit-client and fhirclient go through a session of their own (<c>tests/clients/session.mjs</c>).</summary>
public sealed class PublicClientsTests(FhirServer api) : IClassFixture<FhirServer>
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "clients");

    [Fact]
    public async Task Two_public_clients_work_with_the_server()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "fhirclient")))
        {
            var (installed, why) = await RunAsync("npm", "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund");
            Assert.SkipUnless(installed == 0, $"npm cannot install the public clients here: {why}");
        }
        var (code, output) = await RunAsync("node", "session.mjs", api.Server.Settings.FhirBase, api.Root);
        Assert.True(code == 0, output);
        Assert.EndsWith("done", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output)> RunAsync(string program, params string[] arguments) =>
        ExternalProgram.RunAsync(Folder, program, arguments, TestContext.Current.CancellationToken);
}
