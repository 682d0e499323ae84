using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>The public clients fhir-kit-client and fhirclient go through a session of their own (<c>tests/clients/session.mjs</c>).</summary>
public sealed class PublicClientsTests(FhirServer api) : IClassFixture<FhirServer>
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "clients");

    [Fact]
    public async Task Two_public_clients_work_with_the_server()
    {
        await NodeFolder.InstallAsync(Folder, "fhirclient");
        var (code, output) = await ExternalProgram.RunAsync(Folder, "node", ["session.mjs", api.Server.Settings.FhirBase, api.Root], TestContext.Current.CancellationToken);
        Assert.True(code == 0, output);
        Assert.EndsWith("done", output.TrimEnd(), StringComparison.Ordinal);
    }
}
