using System.Net;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Transport;

/// <summary>What every answer tells browsers, caches and other sites; and whose word counts for where a request came from.</summary>
public sealed class SecurityHeadersTests(SharedDatabase database)
{
    private static readonly string[] Pages = ["", "types/Patient", "oauth/authorize"];

    [Fact]
    public async Task Every_answer_carries_them_whoever_wrote_it()
    {
        await using var server = await StartAsync();
        var root = server.Token(FhirServer.Everything);
        var id = FhirServer.NewId();
        await server.SendAsync(HttpMethod.Put, $"fhir/Patient/{id}", root, FhirServer.Patient(id).ToJsonString());
        string[] paths =
        [
            .. Pages, "fhir/metadata", "fhir/.well-known/smart-configuration", ".well-known/jwks.json", ".well-known/openid-configuration", "openapi.json", "assets/fhirfacade.css", "assets/none",
            "health/live", "health/ready", "fhir/Patient/" + id, "fhir/Patient?_id=" + id, $"fhir/Patient/{id}/_history", "fhir/Patient/nobody", "fhir/Nonsense", "nowhere", "oauth/token", "hl7v2", "fhir/Patient?_count=x",
        ];
        foreach (var path in paths)
        {
            foreach (var token in new[] { null, root })
            {
                var answer = await server.GetAsync(path, token);
                Assert.True(answer.Header("X-Content-Type-Options") == "nosniff", path);
                Assert.Equal("DENY", answer.Header("X-Frame-Options"));
                Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
                Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
                Assert.NotNull(answer.Header("Cache-Control"));
                Assert.Null(answer.Header("Server"));
                var policy = answer.Header("Content-Security-Policy")!;
                Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
                Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
                Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
                if (Array.IndexOf(Pages, path) >= 0)
                {
                    Assert.Equal("same-origin", answer.Header("Cross-Origin-Opener-Policy"));
                    Assert.Contains("geolocation=()", answer.Header("Permissions-Policy"), StringComparison.Ordinal);
                    Assert.Equal("no-store", answer.Header("Cache-Control"));
                }
            }
        }
        // What holds a patient's data is kept by nobody, not even to be asked about again.
        var known = await server.GetAsync("fhir/Patient/" + id, root, ("If-None-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.NotModified, known.Status);
        Assert.Equal("no-store", known.Header("Cache-Control"));
        Assert.Equal(SecurityPolicy, known.Header("Content-Security-Policy"));
        // Without TLS nobody is bound to it.
        Assert.Null(known.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Where_the_site_names_origins_others_read_discovery_alone_and_nobody_reads_a_page()
    {
        await using var server = await StartAsync(new RestOptions { AllowedOrigins = ["https://ours.example"] });
        foreach (var (path, theirs, ours) in new[]
        {
            ("fhir/metadata", "*", "*"), ("fhir/.well-known/smart-configuration", "*", "*"), (".well-known/openid-configuration", "*", "*"), (".well-known/jwks.json", "*", "*"),
            ("fhir/Patient/x", null, "https://ours.example"), ("oauth/token", null, "https://ours.example"), ("oauth/revoke", null, "https://ours.example"),
            ("oauth/authorize", null, null), ("oauth/sign-in", null, null), ("account/apps", null, null), ("admin/users", null, (string?)null),
        })
        {
            Assert.True(theirs == (await server.GetAsync(path, null, ("Origin", "https://theirs.example"))).Header("Access-Control-Allow-Origin"), path);
            var answer = await server.GetAsync(path, null, ("Origin", "https://ours.example"));
            Assert.True(ours == answer.Header("Access-Control-Allow-Origin"), path);
            Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
            var preflight = await server.SendAsync(HttpMethod.Options, path, null, headers: [("Origin", "https://theirs.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")]);
            Assert.True(theirs == preflight.Header("Access-Control-Allow-Origin"), path);
        }
    }

    [Fact]
    public async Task Only_a_proxy_that_is_named_tells_where_a_request_came_from()
    {
        // Who is not known is limited by address: behind a proxy, by the one that the proxy names.
        foreach (var (proxies, isBelieved) in new[] { (Array.Empty<string>(), false), (["192.0.2.7"], false), (["127.0.0.1"], true), (["127.0.0.0/8"], true) })
        {
            await using var server = await StartAsync(new RestOptions { RequestsPerSecond = 1, Burst = 1 }, new HttpOptions { Proxies = proxies });
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 12; i++)
            {
                answers.Add((await server.GetAsync("fhir/metadata", null, ("X-Forwarded-For", $"198.51.100.{i}"))).Status);
            }
            Assert.Equal(isBelieved, answers.TrueForAll(status => status == HttpStatusCode.OK));
            // The caller's own word, before that of the proxy, counts for nothing.
            answers.Clear();
            for (var i = 0; i < 12; i++)
            {
                answers.Add((await server.GetAsync("fhir/metadata", null, ("X-Forwarded-For", $"198.51.100.{i}, 203.0.113.5"))).Status);
            }
            Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_its_word_decides_about_https()
    {
        await using var server = await StartAsync(http: new HttpOptions { PublicUrl = "https://fhir.example", Proxies = ["127.0.0.1"] });
        Assert.Equal("max-age=31536000", (await server.GetAsync("fhir/metadata", null, ("X-Forwarded-Proto", "https"))).Header("Strict-Transport-Security"));
        var led = await server.GetAsync("fhir/metadata?_format=json", null, ("X-Forwarded-Proto", "http"));
        Assert.Equal(HttpStatusCode.PermanentRedirect, led.Status);
        Assert.Equal("https://fhir.example/fhir/metadata?_format=json", led.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("health/live", null)).Status);
        // The host that somebody names is never believed.
        Assert.DoesNotContain("evil", (await server.GetAsync("fhir/.well-known/smart-configuration", null, ("X-Forwarded-Host", "evil.example"), ("Host", "evil.example"), ("X-Forwarded-Proto", "https"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_is_not_named_makes_no_request_one_of_this_machine()
    {
        await using var server = await StartAsync();
        foreach (var header in new[] { "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "forwarded", "Via", "X-Real-IP", "X-Original-For" })
        {
            var answer = await server.SendAsync(HttpMethod.Post, "hl7v2", null, "MSH|", "application/hl7-v2", (header, "10.0.0.1"));
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, header);
        }
        Assert.NotEqual(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Post, "hl7v2", null, "MSH|", "application/hl7-v2")).Status);
    }

    private const string SecurityPolicy = Server.Transport.SecurityHeaders.Policy;

    private async Task<RunningServer> StartAsync(RestOptions? rest = null, HttpOptions? http = null) => await RunningServer.StartAsync(await database.DataSourceAsync(), rest: rest, http: http);
}
