using FhirFacade.Server.Tests.Ingest;

namespace FhirFacade.Server.Tests.Phi;

/// <summary>What frameworks write below Warning tells of addresses and statements. No setting makes the server write it.</summary>
public sealed class LogLevelTests
{
    private static readonly string[] levels = ["Logging__LogLevel__Default", "Logging__LogLevel__Microsoft", "Logging__Console__LogLevel__Default", "DOTNET_Logging__LogLevel__Default"];

    [Fact]
    public async Task No_setting_has_frameworks_write_more_than_warnings()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("fhirfacade-levels-").FullName;
        try
        {
            var (http, mllp) = (IngestServer.FreePort(), IngestServer.FreePort());
            string[] arguments = ["--data", Path.Combine(directory, "data"), "--http", $"http://127.0.0.1:{http}", "--mllp-port", $"{mllp}"];
            var (code, _, error) = await HostProcess.RunAsync(["serve", .. arguments], ("Storage__ConnectionString", database.ConnectionString), ("Logging__LogLevel__Default", "Trace"));
            Assert.NotEqual(0, code);
            Assert.Contains("Logging", error, StringComparison.Ordinal);

            // What would do it in other programs on the same framework.
            foreach (var name in levels)
            {
                Environment.SetEnvironmentVariable(name, "Trace");
            }

            string output;
            await using (var host = await HostProcess.ServeAsync(arguments, ("Storage__ConnectionString", database.ConnectionString)))
            {
                using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
                using var answer = await client.GetAsync("/fhir/Patient?name=Somebody", TestContext.Current.CancellationToken);
                Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
                await host.InterruptAsync();
                output = host.Output;
            }

            Assert.Contains("is ready", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Microsoft.", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Npgsql.", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Somebody", output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var name in levels)
            {
                Environment.SetEnvironmentVariable(name, null);
            }

            Directory.Delete(directory, recursive: true);
        }
    }
}
