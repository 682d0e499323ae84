using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Server.Configuration;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>What a server that is asked too much of, or whose database takes no writes, answers.</summary>
public sealed class LimitTests(SharedDatabase database)
{
    private async Task<RunningServer> ServerAsync(RestOptions? rest = null, HttpOptions? http = null) =>
        await RunningServer.StartAsync(await database.DataSourceAsync(), rest: rest, http: http);

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back_and_others_are_not()
    {
        await using var server = await ServerAsync(new RestOptions { RequestsPerSecond = 1, Burst = 3 });
        var (greedy, modest) = (server.Token(FhirServer.Everything, client: "greedy"), server.Token(FhirServer.Everything, client: "modest"));
        var answers = new List<Answer>();
        for (var i = 0; i < 30; i++)
        {
            answers.Add(await server.GetAsync("fhir/Patient/nobody", greedy));
        }
        var refused = answers.Find(a => a.Status == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused);
        refused.IsOutcome(HttpStatusCode.TooManyRequests, "throttled");
        Assert.True(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) >= 1);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("fhir/Patient/nobody", modest)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("health/ready", null)).Status);
    }

    [Fact]
    public async Task Reads_go_on_while_the_database_takes_no_writes()
    {
        await using var own = await TestCluster.NewDatabaseAsync();
        await using var readOnly = FhirFacade.Storage.Schema.DataSources.Create(own.ConnectionString + ";Options=-c default_transaction_read_only=on");
        await using (var writable = await RunningServer.StartAsync(own.DataSource))
        {
            await writable.SendAsync(HttpMethod.Put, "fhir/Patient/a", writable.Token(FhirServer.Everything), FhirServer.Patient("a").ToJsonString());
        }
        await using var server = await RunningServer.StartAsync(readOnly);
        var root = server.Token(FhirServer.Everything);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("fhir/Patient/a", root)).Status);
        Assert.Single((await server.GetAsync("fhir/Patient?family=Muster", root)).Matches);
        foreach (var (method, path) in new[] { (HttpMethod.Put, "fhir/Patient/a"), (HttpMethod.Post, "fhir/Patient"), (HttpMethod.Delete, "fhir/Patient/a") })
        {
            var refused = await server.SendAsync(method, path, root, FhirServer.Patient("a", "New").ToJsonString());
            refused.IsOutcome(HttpStatusCode.ServiceUnavailable, "transient");
            Assert.NotNull(refused.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Sizes_and_depths_are_settings()
    {
        await using var server = await ServerAsync(new RestOptions { MaxResourceBytes = 2000, MaxDepth = 8, MaxEntries = 2 });
        var root = server.Token(FhirServer.Everything);
        var large = FhirServer.Patient("a");
        large["language"] = new string('x', 2000);
        (await server.SendAsync(HttpMethod.Post, "fhir/Patient", root, large.ToJsonString())).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
        var deep = string.Concat(Enumerable.Repeat("""{"url":"u","extension":[""", 9)) + string.Concat(Enumerable.Repeat("]}", 9));
        (await server.SendAsync(HttpMethod.Post, "fhir/Patient", root, $$"""{"resourceType":"Patient","extension":[{{deep}}]}""")).IsOutcome(HttpStatusCode.BadRequest, "too-costly");
        var entry = """{"request":{"method":"GET","url":"Patient/1"}}""";
        (await server.SendAsync(HttpMethod.Post, "fhir", root, $$"""{"resourceType":"Bundle","type":"batch","entry":[{{entry}},{{entry}},{{entry}}]}""")).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-costly");
    }

    [Fact]
    public async Task A_client_that_sends_its_headers_too_slowly_is_let_go()
    {
        await using var server = await ServerAsync(http: new HttpOptions { HeaderTimeout = TimeSpan.FromSeconds(1) });
        var url = new Uri(server.Settings.PublicUrl);
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Contains("408", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_is_ended_with_an_outcome()
    {
        var source = await database.DataSourceAsync();
        await using var server = await ServerAsync(new RestOptions { Timeout = TimeSpan.FromSeconds(2) });
        var id = FhirServer.NewId();
        var root = server.Token(FhirServer.Everything);
        await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", root, FhirServer.Patient(id).ToJsonString());
        await using var holder = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new Npgsql.NpgsqlCommand("select 1 from r.patient where id = $1 for update", holder) { Parameters = { new() { Value = id } } };
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        (await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", root, FhirServer.Patient(id, "Late").ToJsonString())).IsOutcome(HttpStatusCode.ServiceUnavailable, "timeout");
    }

    [Fact]
    public async Task An_id_of_the_clients_choice_is_a_setting()
    {
        await using var server = await ServerAsync(new RestOptions { UpdateCreates = false });
        var id = FhirServer.NewId();
        (await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", server.Token(FhirServer.Everything), FhirServer.Patient(id).ToJsonString())).IsOutcome(HttpStatusCode.MethodNotAllowed, "not-supported");
    }

    [Fact]
    public async Task How_closely_a_write_is_looked_at_is_a_setting()
    {
        var unknown = FhirServer.Patient("x");
        unknown["noSuchElement"] = true;
        var unkept = FhirServer.Patient("x");
        unkept["contact"] = new JsonArray(new JsonObject { ["gender"] = "male" });
        var script = FhirServer.Patient("x");
        script["text"] = new JsonObject { ["status"] = "generated", ["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>alert(1)</script></div>" };
        // Without an identifier, which US Core wants.
        var claimed = FhirServer.Patient("x");
        claimed.Remove("identifier");
        claimed["meta"] = new JsonObject { ["profile"] = new JsonArray("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient") };
        JsonObject[] resources = [unknown, script, unkept, claimed];
        foreach (var (level, kept) in new[] { (WriteValidation.None, 4), (WriteValidation.Structure, 2), (WriteValidation.Invariants, 1), (WriteValidation.Profiles, 0) })
        {
            await using var server = await ServerAsync(new RestOptions { Validation = level });
            var answers = new List<HttpStatusCode>();
            foreach (var resource in resources)
            {
                answers.Add((await server.SendAsync(HttpMethod.Post, "fhir/Patient", server.Token(FhirServer.Everything), resource.ToJsonString())).Status);
            }
            Assert.Equal(Enumerable.Repeat(HttpStatusCode.UnprocessableEntity, 4 - kept).Concat(Enumerable.Repeat(HttpStatusCode.Created, kept)), answers);
        }
        Assert.Equal(WriteValidation.Structure, new RestOptions().Validation);
    }
}
