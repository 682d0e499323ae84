using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Ingest;

/// <summary>Several servers on one database, a job that indexes it anew, and servers that are killed meanwhile.</summary>
public sealed class ReindexProcessTests : IDisposable
{
    private const int Patients = 1200;

    private readonly string data = Directory.CreateTempSubdirectory("fhirfacade-reindex-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task A_job_goes_on_where_a_killed_server_left_it_and_every_server_serves_the_parameter()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await using var first = await StartAsync(database, "one");
        await using var second = await StartAsync(database, "two");
        await LoadAsync(first);
        Assert.Equal(HttpStatusCode.Created, await PutAsync(first, OwnSearchParameters.Parameter("own", "own", "Patient.contact.gender")));

        // Too slow to end before the server is killed.
        var started = await first.Client.PostAsync("fhir/SearchParameter/$reindex", null, Stop);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var status = started.Content.Headers.ContentLocation!.AbsolutePath[1..];
        Assert.Equal(HttpStatusCode.Accepted, (await second.Client.GetAsync(status, Stop)).StatusCode);
        await RowsAsync(database, atLeast: 200);
        await first.Process.KillAsync();
        await second.Process.KillAsync();
        var reached = await RowsAsync(database, atLeast: 200);
        Assert.InRange(reached, 200, Patients - 1);

        // What is written meanwhile, is, and is found.
        await using var third = await StartAsync(database, "three");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await third.Client.GetAsync("health/index", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, await PutAsync(third, FhirServer.Patient("meanwhile")));
        Assert.Equal(HttpStatusCode.OK, (await third.Client.GetAsync("fhir/Patient?gender=female&_count=1", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await third.Client.GetAsync("fhir/Patient?own=male", Stop)).StatusCode);
        await using var fourth = await StartAsync(database, "four");
        HttpResponseMessage answer;
        while ((answer = await third.Client.GetAsync(status, Stop)).StatusCode == HttpStatusCode.Accepted)
        {
            Assert.True(answer.Headers.Contains("X-Progress"));
            await Task.Delay(50, Stop);
        }

        var done = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("parameter").EnumerateArray().First(p => p.GetProperty("name").GetString() == "type");
        Assert.InRange(Number(done, "done"), Patients, Patients + 1);
        Assert.Equal(Patients, Number(done, "changed"));
        Assert.Equal(Patients + 1, await TotalAsync(third, "own=male"));
        await fourth.Client.GetAsync(status, Stop);
        Assert.Equal(Patients + 1, await TotalAsync(fourth, "own=male"));

        // A server that is told nothing notices for itself that the parameter is gone.
        await third.Client.DeleteAsync("fhir/SearchParameter/own", Stop);
        while ((await fourth.Client.GetAsync("fhir/Patient?own=male", Stop)).StatusCode == HttpStatusCode.OK)
        {
            await Task.Delay(50, Stop);
        }
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private async Task<Server> StartAsync(TestDatabase database, string name)
    {
        var options = new ServerOptions { Http = new HttpOptions { Url = $"http://127.0.0.1:{RunningServer.FreePort()}" }, Demo = true, DataDirectory = Path.Combine(data, name) };
        Directory.CreateDirectory(options.DataDirectory);
        var process = await HostProcess.ServeAsync(
            ["--http", options.Http.Url, "--mllp-port", "-1"],
            ("DataDirectory", options.DataDirectory), ("Demo", "true"), ("Storage__ConnectionString", database.ConnectionString), ("Storage__ReindexRowsPerSecond", "400"));
        var client = new HttpClient { BaseAddress = new Uri(options.Http.Url + "/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DevelopmentToken.Issue(SmartSettings.From(options), FhirServer.Everything, null));
        client.DefaultRequestHeaders.TryAddWithoutValidation("Prefer", "handling=strict");
        return new(process, client);
    }

    private static async Task LoadAsync(Server server)
    {
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray([.. Enumerable.Range(1, Patients).Select(n => string.Create(CultureInfo.InvariantCulture, $"p{n}")).Select(id => new JsonObject
            {
                ["resource"] = FhirServer.Patient(id),
                ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = "Patient/" + id },
            })]),
        };
        using var content = new StringContent(bundle.ToJsonString(), MediaTypeHeaderValue.Parse("application/fhir+json"));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync("fhir", content, Stop)).StatusCode);
    }

    private static async Task<HttpStatusCode> PutAsync(Server server, JsonObject resource)
    {
        using var content = new StringContent(resource.ToJsonString(), MediaTypeHeaderValue.Parse("application/fhir+json"));
        return (await server.Client.PutAsync($"fhir/{resource["resourceType"]}/{resource["id"]}", content, Stop)).StatusCode;
    }

    private static async Task<int> TotalAsync(Server server, string query) =>
        (await server.Client.GetFromJsonAsync<JsonElement>($"fhir/Patient?{query}&_summary=count", Stop)).GetProperty("total").GetInt32();

    private static async Task<long> RowsAsync(TestDatabase database, long atLeast)
    {
        long rows;
        while ((rows = await database.ScalarAsync<long>("select coalesce(sum(rows_done), 0)::bigint from reindex_type")) < atLeast)
        {
            await Task.Delay(20, Stop);
        }

        return rows;
    }

    private static int Number(JsonElement part, string name) =>
        part.GetProperty("part").EnumerateArray().First(p => p.GetProperty("name").GetString() == name).GetProperty("valueInteger").GetInt32();

    private sealed record Server(HostProcess Process, HttpClient Client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Process.DisposeAsync();
        }
    }
}
