using System.Diagnostics;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>A folder with programs for Node and what they need from npm; a test that cannot have it is skipped, saying so.</summary>
internal static class NodeFolder
{
    public static async Task InstallAsync(string folder, string package)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", package)))
        {
            var (installed, why) = await ExternalProgram.RunAsync(folder, "npm", ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"], TestContext.Current.CancellationToken);
            Assert.SkipUnless(installed == 0, $"npm cannot install {package} here: {why}");
        }
    }

    public static Process Start(string folder, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
