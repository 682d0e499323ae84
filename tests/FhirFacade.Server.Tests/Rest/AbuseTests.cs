using System.Net;
using System.Net.Sockets;
using System.Text;
using FhirFacade.Server.Configuration;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Clients that send too much, too slowly or rubbish, and servers that have too much to do.</summary>
public sealed class AbuseTests(SharedDatabase database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<RunningServer> ServerAsync(RestOptions? rest = null, HttpOptions? http = null) =>
        await RunningServer.StartAsync(await database.DataSourceAsync(), rest: rest, http: http);

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused_wherever_they_stand()
    {
        await using var server = await ServerAsync();
        var root = server.Token(FhirServer.Everything);
        byte[] bad = [0xC3, 0x28];
        foreach (var (path, type, before, after) in new[]
        {
            ("fhir/Patient", "application/fhir+json", """{"resourceType":"Patient","language":" """, "\"}"),
            ("fhir/Patient", "application/fhir+xml", "<Patient xmlns=\"http://hl7.org/fhir\"><language value=\"", "\"/></Patient>"),
            ("fhir", "application/fhir+json", """{"resourceType":"Bundle","type":"batch","id":" """, "\"}"),
            ("fhir/Patient/$validate", "application/fhir+json", """{"resourceType":"Patient","language":" """, "\"}"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent([.. Encoding.ASCII.GetBytes(before), .. bad, .. Encoding.ASCII.GetBytes(after)]) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + root);
            using var response = await server.Client.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
        foreach (var path in new[] { "fhir/Patient?family=%C3%28", "fhir/Patient/%C3%28", "fhir/Patient?%FF=1", "fhir/Patient?family=%00" })
        {
            Assert.InRange((int)(await server.GetAsync(path, root)).Status, 200, 499);
        }
        Assert.InRange((int)(await server.SendAsync(HttpMethod.Post, "fhir/Patient/_search", root, "family=%C3%28&%FF", "application/x-www-form-urlencoded")).Status, 200, 499);
    }

    [Fact]
    public async Task A_body_larger_than_the_setting_is_refused_whether_its_length_is_told_or_not()
    {
        await using var server = await ServerAsync(http: new HttpOptions { MaxBodyBytes = 10_000 });
        var root = server.Token(FhirServer.Everything);
        (await server.SendAsync(HttpMethod.Post, "fhir/Patient", root, new string(' ', 20_000))).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
        using var request = new HttpRequestMessage(HttpMethod.Post, "fhir/Patient") { Content = new StreamContent(new MemoryStream(new byte[20_000])) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/fhir+json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + root);
        request.Headers.TransferEncodingChunked = true;
        using var response = await server.Client.SendAsync(request, Token);
        (await Answer.ReadAsync(response)).IsOutcome(HttpStatusCode.RequestEntityTooLarge, "too-long");
        Assert.Equal(HttpStatusCode.Created, (await server.SendAsync(HttpMethod.Post, "fhir/Patient", root, FhirServer.Patient("x").ToJsonString())).Status);
    }

    [Fact]
    public async Task A_client_that_sends_its_body_too_slowly_is_let_go()
    {
        await using var server = await ServerAsync(http: new HttpOptions { MinBytesPerSecond = 100_000 });
        var answer = await RawAsync(server, $"POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Token(FhirServer.Everything)}\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000000\r\n\r\n{{");
        Assert.Contains(" 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_headers_and_an_endless_address_are_refused()
    {
        await using var server = await ServerAsync(http: new HttpOptions { MaxHeaderBytes = 8192 });
        Assert.Contains(" 431 ", await RawAsync(server, "GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nA: " + new string('a', 9000) + "\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains(" 431 ", await RawAsync(server, "GET /fhir/metadata HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"A{i}: b\r\n")) + "\r\n"), StringComparison.Ordinal);
        Assert.Contains(" 414 ", await RawAsync(server, "GET /fhir/Patient?_id=" + new string('a', 20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("fhir/metadata", null)).Status);
    }

    [Fact]
    public async Task A_server_with_too_much_to_do_says_so_at_once_and_its_watch_gets_through()
    {
        await using var own = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(own.DataSource, rest: new RestOptions { MaxConcurrent = 1 });
        var root = server.Token(FhirServer.Everything);
        await server.SendAsync(HttpMethod.Put, "fhir/Patient/a", root, FhirServer.Patient("a").ToJsonString());
        await using var holder = await own.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await using var hold = new NpgsqlCommand("select 1 from r.patient where id = 'a' for update", holder);
        await hold.ExecuteNonQueryAsync(Token);
        var works = server.SendAsync(HttpMethod.Put, "fhir/Patient/a", root, FhirServer.Patient("a", "Held").ToJsonString());
        await using var blocked = own.DataSource.CreateCommand("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
        while (await blocked.ExecuteScalarAsync(Token) is false)
        {
            await Task.Delay(10, Token);
        }
        var more = Enumerable.Range(0, 3).Select(_ => server.GetAsync("fhir/Patient/a", root)).ToList();     // one may wait
        var shed = await await Task.WhenAny(more);
        shed.IsOutcome(HttpStatusCode.ServiceUnavailable, "throttled");
        Assert.NotNull(shed.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("health/ready", null)).Status);
        await transaction.RollbackAsync(Token);
        Assert.Equal(HttpStatusCode.OK, (await works).Status);
        Assert.Single(await Task.WhenAll(more), answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reads_go_on_while_the_disk_is_full()
    {
        await using var own = await TestCluster.NewDatabaseAsync();
        await using var server = await RunningServer.StartAsync(own.DataSource);
        var root = server.Token(FhirServer.Everything);
        await server.SendAsync(HttpMethod.Put, "fhir/Patient/a", root, FhirServer.Patient("a").ToJsonString());
        await using var full = own.DataSource.CreateCommand("""
            create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no space left on device' using errcode = 'disk_full'; end $$;
            create trigger full_disk before insert or update or delete on r.patient for each row execute function full_disk();
            """);
        await full.ExecuteNonQueryAsync(Token);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("fhir/Patient/a", root)).Status);
        Assert.Single((await server.GetAsync("fhir/Patient?family=Muster", root)).Matches);
        foreach (var (method, path) in new[] { (HttpMethod.Put, "fhir/Patient/a"), (HttpMethod.Post, "fhir/Patient"), (HttpMethod.Delete, "fhir/Patient/a") })
        {
            var refused = await server.SendAsync(method, path, root, FhirServer.Patient("a", "New").ToJsonString(), headers: [("X-Request-Id", "mine"), ("X-Correlation-Id", "journey")]);
            refused.IsOutcome(HttpStatusCode.ServiceUnavailable, "transient");
            Assert.NotNull(refused.Header("Retry-After"));
            Assert.Equal("mine", refused.Header("X-Request-Id"));
            Assert.Equal("journey", refused.Header("X-Correlation-Id"));
            Assert.Equal("nosniff", refused.Header("X-Content-Type-Options"));
        }
    }

    [Fact]
    public async Task The_wishes_that_an_answer_follows_are_told()
    {
        await using var server = await ServerAsync();
        var (root, id) = (server.Token(FhirServer.Everything), FhirServer.NewId());
        var put = await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", root, FhirServer.Patient(id).ToJsonString(), headers: ("Prefer", "return=minimal"));
        Assert.Equal("return=minimal", put.Header("Preference-Applied"));
        Assert.Empty(put.Body);
        Assert.Equal("handling=strict", (await server.GetAsync($"fhir/Patient?_id={id}", root, ("Prefer", "handling=strict"))).Header("Preference-Applied"));
        Assert.Null((await server.GetAsync($"fhir/Patient?_id={id}", root)).Header("Preference-Applied"));
    }

    private static async Task<string> RawAsync(RunningServer server, string request)
    {
        var url = new Uri(server.Settings.PublicUrl);
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Token) ?? "";
    }
}
