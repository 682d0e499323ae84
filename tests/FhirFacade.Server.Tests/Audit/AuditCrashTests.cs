using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>The server is killed while it answers. Whatever a client has been answered is in the trail after the next start.</summary>
public sealed class AuditCrashTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("fhirfacade-audit-").FullName;
    private readonly string url = $"http://127.0.0.1:{IngestServer.FreePort()}";
    private readonly ConcurrentBag<string> answered = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task What_was_answered_before_the_server_was_killed_is_in_the_trail()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        (string, string)[] settings = [("DataDirectory", data), ("Storage__ConnectionString", database.ConnectionString), ("Demo", "true"), ("Http__Url", url)];
        var token = (await HostProcess.RunAsync(["token", "--scope", "system/*.cruds system/AuditEvent.rs"], settings)).Out.Trim();
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var host = await HostProcess.ServeAsync(["--mllp-port", "-1"], settings);
        try
        {
            using var body = new StringContent(FhirServer.Patient("p").ToJsonString(), new MediaTypeHeaderValue("application/fhir+json"));
            Assert.Equal(HttpStatusCode.Created, (await client.PutAsync("/fhir/Patient/p", body, Stop)).StatusCode);
            for (var round = 1; round <= 2; round++)
            {
                var readers = Enumerable.Range(0, 6).Select(n => ReadAsync(client, $"r-{round}-{n}")).ToList();
                var enough = answered.Count + 200;
                while (answered.Count < enough)
                {
                    await Task.Delay(10, Stop);
                }
                await host.KillAsync();
                await host.DisposeAsync();
                await Task.WhenAll(readers);
                host = await HostProcess.ServeAsync(["--mllp-port", "-1"], settings);
            }
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/fhir/AuditEvent?_count=1", Stop)).StatusCode);     // what is left is in the trail before it answers
        }
        finally
        {
            await host.DisposeAsync();
        }

        var told = (await new AuditReader(database.DataSource).FindAsync(new AuditQuery { Kind = "read", Count = int.MaxValue - 1 }, Stop)).Select(e => e.Correlation).ToHashSet();
        Assert.Subset(told, answered.ToHashSet());
        var (code, text, _) = await HostProcess.RunAsync(["audit", "verify"], settings);
        Assert.True(code == 0, text);
    }

    // Until nobody is there any more.
    private async Task ReadAsync(HttpClient client, string name)
    {
        for (var n = 0; ; n++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/fhir/Patient/p");
            request.Headers.Add("X-Request-Id", $"{name}-{n}");
            try
            {
                using var answer = await client.SendAsync(request, Stop);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    answered.Add($"{name}-{n}");
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
