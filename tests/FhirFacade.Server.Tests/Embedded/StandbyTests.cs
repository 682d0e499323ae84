using System.Diagnostics;
using System.Net;
using FhirFacade.Server.Embedded;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Schema;
using Npgsql;
using Xunit;

namespace FhirFacade.Server.Tests.Embedded;

/// <summary>Two hosts in the connection string: a primary that goes down, and a standby with what it had.</summary>
public sealed class StandbyTests : IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "fhirfacade-standby-" + Guid.NewGuid().ToString("N")[..8]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_primary_is_down_what_is_stored_can_be_read_and_writes_are_refused_clearly()
    {
        Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        }
        var (first, second) = (Path.Combine(directory, "a"), Path.Combine(directory, "b"));
        await using (var alone = await PrivatePostgres.StartAsync(new(first), null, Token))
        {
            await using var dataSource = DataSources.Create(alone.ConnectionString);
            await Migrator.MigrateAsync(dataSource, Token);
            await using var server = await RunningServer.StartAsync(dataSource);
            var written = await server.SendAsync(HttpMethod.Put, "fhir/Patient/a", server.Token(FhirServer.Everything), FhirServer.Patient("a").ToJsonString());
            Assert.Equal(HttpStatusCode.Created, written.Status);
        }
        using (var copy = Process.Start("cp", ["-a", first, second]))
        {
            await copy.WaitForExitAsync(Token);
            Assert.Equal(0, copy.ExitCode);
        }
        await File.WriteAllTextAsync(Path.Combine(second, "data", "standby.signal"), "", Token);

        await using var standby = await PrivatePostgres.StartAsync(new(second), null, Token);
        var primary = await PrivatePostgres.StartAsync(new(first), null, Token);
        var both = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        both.Host = $"{both.Host},{new NpgsqlConnectionStringBuilder(standby.ConnectionString).Host}";
        await using (var hosts = DataSources.Create(both.ConnectionString))
        {
            await using var server = await RunningServer.StartAsync(hosts);
            var root = server.Token(FhirServer.Everything);
            Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Put, "fhir/Patient/a", root, FhirServer.Patient("a", "Later").ToJsonString())).Status);
            await primary.DisposeAsync();

            // Connections that were open to it are broken; who finds one is told to come again.
            Answer read;
            do
            {
                read = await server.GetAsync("fhir/Patient/a", root);
                Assert.True(read.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, read.Text);
            }
            while (read.Status != HttpStatusCode.OK);
            Assert.Single((await server.GetAsync("fhir/Patient?family=Muster", root)).Matches);
            var refused = await server.SendAsync(HttpMethod.Put, "fhir/Patient/a", root, FhirServer.Patient("a", "Never").ToJsonString());
            refused.IsOutcome(HttpStatusCode.ServiceUnavailable, "transient");
            Assert.NotNull(refused.Header("Retry-After"));
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
