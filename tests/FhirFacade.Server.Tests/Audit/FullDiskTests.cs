using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>The disk with the spool is full while the database takes no events: what cannot be written down is not answered, and it goes on when there is room.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const int Patients = 300;

    private readonly string data = Directory.CreateTempSubdirectory("fhirfacade-full-").FullName;
    private readonly string url = $"http://127.0.0.1:{IngestServer.FreePort()}";
    private readonly List<string> answered = [];
    private bool isMounted;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => isMounted = OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", "size=10m", "tmpfs", data);

    public async ValueTask DisposeAsync()
    {
        if (isMounted)
        {
            await RunAsync("umount", data);
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact(Timeout = 300_000)]
    public async Task Nothing_is_answered_that_is_not_recorded_and_it_goes_on_when_there_is_room()
    {
        Assert.SkipUnless(isMounted, "no file system of a few megabytes can be mounted here");
        await using var database = await TestCluster.NewDatabaseAsync();
        (string, string)[] settings = [("DataDirectory", data), ("Storage__ConnectionString", database.ConnectionString), ("Demo", "true"), ("Http__Url", url)];
        var token = (await HostProcess.RunAsync(["token", "--scope", "system/*.cruds system/AuditEvent.rs"], settings)).Out.Trim();
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await using (await HostProcess.ServeAsync(["--mllp-port", "-1"], settings))
        {
            var entries = Enumerable.Range(0, Patients).Select(n => FhirServer.Patient($"full-{n}", "Canary")).Select(patient => $$$"""{"resource":{{{patient.ToJsonString()}}},"request":{"method":"PUT","url":"Patient/{{{patient["id"]}}}"}}""");
            var bundle = $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""";
            using var body = new StringContent(bundle, new MediaTypeHeaderValue("application/fhir+json"));
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/fhir", body, Stop)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(client));

            await ExecuteAsync(database, "alter table audit_block rename to elsewhere");
            var filler = Fill();
            var refused = await UntilAsync(client, HttpStatusCode.ServiceUnavailable);
            Assert.DoesNotContain("Canary", refused, StringComparison.Ordinal);
            for (var n = 0; n < 20; n++)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(client));
            }

            File.Delete(filler);
            await UntilAsync(client, HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
            await ExecuteAsync(database, "alter table elsewhere rename to audit_block");
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/fhir/AuditEvent?_count=1", Stop)).StatusCode);
        }

        var told = (await new AuditReader(database.DataSource).FindAsync(new AuditQuery { Kind = "search-type", Count = int.MaxValue - 1 }, Stop)).Where(e => !e.IsFailure).Select(e => e.Correlation).ToHashSet();
        Assert.True(answered.Count > 20, $"{answered.Count}");
        Assert.Subset(told, answered.ToHashSet());
        var (code, text, _) = await HostProcess.RunAsync(["audit", "verify"], settings);
        Assert.True(code == 0, text);
    }

    private async Task<string> UntilAsync(HttpClient client, HttpStatusCode wanted)
    {
        for (var n = 0; n < 20_000; n++)
        {
            using var answer = await SendAsync(client);
            if (answer.StatusCode == wanted)
            {
                return await answer.Content.ReadAsStringAsync(Stop);
            }
        }
        throw new Xunit.Sdk.XunitException($"never {wanted}");
    }

    private async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await SendAsync(client);
        return answer.StatusCode;
    }

    // One event of it names all patients, so that the spool is full soon.
    private async Task<HttpResponseMessage> SendAsync(HttpClient client)
    {
        var id = Guid.NewGuid().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/fhir/Patient?_count={Patients}&_elements=id");
        request.Headers.Add("X-Request-Id", id);
        var answer = await client.SendAsync(request, Stop);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            answered.Add(id);
        }
        return answer;
    }

    private string Fill()
    {
        var path = Path.Combine(data, "filler");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        var zeros = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(zeros);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
