using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Ingest;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Server.Tests.Smart;
using FhirFacade.Storage.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace FhirFacade.Server.Tests.Transport;

/// <summary>The server's own TLS, over real connections.</summary>
public sealed class HttpsTests(SharedDatabase database) : IDisposable
{
    private readonly TestCertificates certificates = new("Test Authority");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_TLS_everything_answers_and_browsers_are_told_to_stay()
    {
        await using var server = await StartAsync();
        Assert.StartsWith("https://", server.Settings.FhirBase, StringComparison.Ordinal);
        var answer = await server.GetAsync("fhir/metadata", token: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("max-age=31536000", answer.Header("Strict-Transport-Security"));
        Assert.Equal("max-age=31536000", (await server.GetAsync("fhir/Patient/nobody", token: null)).Header("Strict-Transport-Security"));
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("fhir/Patient/nobody", server.Token(FhirServer.Everything))).Status);
        Assert.Contains("\"token_endpoint\":\"https://", (await server.GetAsync("fhir/.well-known/smart-configuration", token: null)).Text, StringComparison.Ordinal);
        // A name that all machines share is not bound to https.
        Assert.Null((await server.GetAsync("health/live", token: null, ("Host", "localhost"))).Header("Strict-Transport-Security"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_that_are_not_broken_are_spoken(SslProtocols version)
    {
        await using var server = await StartAsync();
        await using var tls = await ConnectAsync(server, version);
        Assert.Equal(version, tls.SslProtocol);
    }

    [Theory]
    [InlineData(1, 0x15)]
    [InlineData(2, 0x15)]
    [InlineData(3, 0x16)]
    public async Task A_client_that_knows_only_an_older_version_is_turned_away(int minor, int record)
    {
        await using var server = await StartAsync();
        using var socket = await DialAsync(server);
        var stream = socket.GetStream();
        await stream.WriteAsync(ClientHello((byte)minor), Stop);
        var answer = new byte[1];
        await stream.ReadExactlyAsync(answer, Stop);
        Assert.Equal(record, answer[0]);    // an alert, or for 1.2 a handshake
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        await using var server = await StartAsync();
        var first = await SerialAsync(server);
        var (file, _) = certificates.IssueServer();
        var renewed = first;
        for (var i = 0; i < 100 && renewed == first; i++)
        {
            await Task.Delay(100, Stop);
            renewed = await SerialAsync(server);
        }
        Assert.NotEqual(first, renewed);
        await File.WriteAllTextAsync(file, "no certificate", Stop);
        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(100, Stop);
            Assert.Equal(renewed, await SerialAsync(server));
        }
    }

    [Fact]
    public async Task A_certificate_may_be_one_file_with_a_password()
    {
        await using var server = await RunningServer.StartAsync(
            await database.DataSourceAsync(), http: new() { Tls = new() { CertificateFile = certificates.IssueServerPkcs12("a password"), Password = "a password" } }, authority: certificates.Authority);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("health/live", token: null)).Status);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_stops_the_start_and_is_named_by_its_setting()
    {
        var (certificate, _) = certificates.IssueServer();
        using var others = new TestCertificates("Other Authority");
        var (_, key) = others.IssueServer();
        var error = await Assert.ThrowsAsync<StartupException>(async () => await RunningServer.StartAsync(await database.DataSourceAsync(), http: new() { Tls = new() { CertificateFile = certificate, KeyFile = key } }));
        Assert.StartsWith("Http:Tls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_HTTP_leads_to_https_but_does_not_quietly_take_tokens()
    {
        var port = RunningServer.FreePort();
        await using var server = await StartAsync($"http://127.0.0.1:{port}");
        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        using var led = await plain.GetAsync("types/Patient?type=a%20b", Stop);
        Assert.Equal(HttpStatusCode.PermanentRedirect, led.StatusCode);
        Assert.Equal(server.Settings.PublicUrl + "/types/Patient?type=a%20b", led.Headers.Location!.OriginalString);
        Assert.False(led.Headers.Contains("Strict-Transport-Security"));
        using var ask = new HttpRequestMessage(HttpMethod.Get, "fhir/Patient/x");
        ask.Headers.Authorization = new("Bearer", server.Token(FhirServer.Everything));
        using var refused = await plain.SendAsync(ask, Stop);
        (await Answer.ReadAsync(refused)).IsOutcome(HttpStatusCode.Forbidden, "security");
        Assert.Null(refused.Headers.Location);
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        using var posted = await plain.PostAsync("oauth/token", form, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
    }

    [Fact]
    public async Task Cookies_are_bound_to_this_host_and_to_TLS_and_no_script_reads_them()
    {
        await using var server = await StartAsync();
        var mark = Guid.NewGuid().ToString("N");
        await server.Services.GetRequiredService<ClientStore>().AddAsync(new("app-" + mark, "App", ClientKind.Public, "openid launch/patient patient/*.rs") { RedirectUris = ["https://app.example/callback"] }, Stop);
        await server.Services.GetRequiredService<People>().AddAsync("user-" + mark, "Somebody", Site.Password, null, demo: false, Stop);
        using var browser = new PlainBrowser(server.Settings.PublicUrl, certificates.Authority);
        var page = await browser.GetAsync($"oauth/authorize?response_type=code&client_id=app-{mark}&redirect_uri=https://app.example/callback&scope=openid&state=s&code_challenge={new string('a', 43)}&code_challenge_method=S256&aud={server.Settings.FhirBase}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        AssertCookie("__Host-fhirfacade-form", page);
        AssertCookie("__Host-fhirfacade", await browser.SubmitAsync(page, "/oauth/sign-in", ("user", "user-" + mark), ("password", Site.Password)));
    }

    public void Dispose() => certificates.Dispose();

    private static void AssertCookie(string name, Answer answer)
    {
        var cookie = answer.Header("Set-Cookie")!.Split(", __Host").Select((part, i) => i == 0 ? part : "__Host" + part).Single(part => part.StartsWith(name + "=", StringComparison.Ordinal)).ToLowerInvariant();
        var attributes = cookie.Split(';').Select(a => a.Trim()).ToList();
        Assert.Contains("secure", attributes);
        Assert.Contains("httponly", attributes);
        Assert.Contains("samesite=lax", attributes);
        Assert.Contains("path=/", attributes);
        Assert.DoesNotContain(attributes, a => a.StartsWith("domain", StringComparison.Ordinal));
    }

    private async Task<RunningServer> StartAsync(string? redirect = null)
    {
        var (certificate, key) = certificates.IssueServer();
        return await RunningServer.StartAsync(
            await database.DataSourceAsync(), http: new() { Tls = new() { CertificateFile = certificate, KeyFile = key }, RedirectUrl = redirect }, authority: certificates.Authority);
    }

    private async Task<string> SerialAsync(RunningServer server)
    {
        await using var tls = await ConnectAsync(server, SslProtocols.None);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    private async Task<SslStream> ConnectAsync(RunningServer server, SslProtocols version)
    {
        var tls = new SslStream((await DialAsync(server)).GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version, CertificateChainPolicy = Trust.In(certificates.Authority) }, Stop);
        return tls;
    }

    private static async Task<TcpClient> DialAsync(RunningServer server)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, server.Client.BaseAddress!.Port, Stop);
        return socket;
    }

    // RFC 5246 section 7.4.1.2, as an old client says it.
    private static byte[] ClientHello(byte minor)
    {
        byte[] extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 4, 1];
        byte[] body = [3, minor, .. new byte[32], 0, 0, 6, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x0a, 1, 0, 0, (byte)extensions.Length, .. extensions];
        return [22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body];
    }
}
