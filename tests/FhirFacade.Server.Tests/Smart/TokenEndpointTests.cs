using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary><c>POST /oauth/token</c>: who gets a token, and who does not.</summary>
public sealed class TokenEndpointTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private RunningServer Server => shared.Server;

    private JsonObject Assertion(string client) => new()
    {
        ["iss"] = client,
        ["sub"] = client,
        ["aud"] = Server.Settings.TokenEndpoint,
        ["jti"] = Guid.NewGuid().ToString(),
        ["exp"] = Forge.In(TimeSpan.FromMinutes(4)),
    };

    private string Signed(JsonObject payload) => Forge.Jwt(Header("ES384", SharedServer.EcKid), payload, Forge.Es384(shared.EcKey));

    private static JsonObject Header(string alg, string kid) => new() { ["alg"] = alg, ["typ"] = "JWT", ["kid"] = kid };

    [Fact]
    public async Task An_ES384_assertion_gives_a_token_that_reads()
    {
        var answer = await PostAsync(Form(Signed(Assertion("ec-client"))));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("bearer", answer.Json.GetProperty("token_type").GetString());
        Assert.Equal("system/Patient.rs", answer.Json.GetProperty("scope").GetString());
        Assert.InRange(answer.Json.GetProperty("expires_in").GetInt32(), 1, 300);
        var read = await Server.GetAsync("fhir/Patient/nobody", answer.Json.GetProperty("access_token").GetString());
        read.IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_RS384_assertion_gives_a_token()
    {
        var assertion = Forge.Jwt(Header("RS384", SharedServer.RsaKid), Assertion("rsa-client"), Forge.Rs384(shared.RsaKey));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Form(assertion))).Status);
    }

    [Fact]
    public async Task An_assertion_is_good_once()
    {
        var assertion = Signed(Assertion("ec-client"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Form(assertion))).Status);
        Refused(await PostAsync(Form(assertion)), "invalid_client");
        var again = Assertion("ec-client");
        var same = (string)again["jti"]!;
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Form(Signed(again)))).Status);
        Refused(await PostAsync(Form(Signed(Assertion("ec-client").With("jti", same)))), "invalid_client");
    }

    [Fact]
    public async Task A_replay_among_many_at_once_wins_only_once()
    {
        var form = Form(Signed(Assertion("ec-client")));
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync(form)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_assertion_used_at_one_instance_is_used_at_all()
    {
        await using var another = await shared.AnotherAsync(demo: false);
        // Two instances of one server share an address; these two have one each, so the assertion names both.
        var assertion = Signed(Assertion("ec-client").With("aud", new JsonArray(Server.Settings.TokenEndpoint, another.Settings.TokenEndpoint)));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Form(assertion))).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token") { Content = new FormUrlEncodedContent(Form(assertion)) };
        using var response = await another.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Refused(await Answer.ReadAsync(response), "invalid_client");
    }

    public static TheoryData<string, Func<JsonObject, JsonObject>> WrongClaims => new()
    {
        { "another audience", p => p.With("aud", "https://elsewhere.example/token") },
        { "the issuer as audience", p => p.With("aud", "http://127.0.0.1") },
        { "no audience", p => p.Without("aud") },
        { "expired", p => p.With("exp", Forge.In(TimeSpan.FromMinutes(-1))) },
        { "no expiry", p => p.Without("exp") },
        { "too long a life", p => p.With("exp", Forge.In(TimeSpan.FromMinutes(7))) },
        { "not yet", p => p.With("nbf", Forge.In(TimeSpan.FromMinutes(2))) },
        { "another subject", p => p.With("sub", "rsa-client") },
        { "no subject", p => p.Without("sub") },
        { "another issuer", p => p.With("iss", "rsa-client") },
        { "an unknown client", p => p.With("iss", "nobody").With("sub", "nobody") },
        { "no jti", p => p.Without("jti") },
        { "the demo client", p => p.With("iss", "demo").With("sub", "demo") },
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task An_assertion_with_a_wrong_claim_is_refused(string what, Func<JsonObject, JsonObject> change)
    {
        Assert.NotEmpty(what);
        Refused(await PostAsync(Form(Signed(change(Assertion("ec-client"))))), "invalid_client");
    }

    [Fact]
    public async Task An_assertion_with_a_wrong_signature_is_refused()
    {
        using var attacker = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var payload = Assertion("ec-client");
        var header = Header("ES384", SharedServer.EcKid);
        var publicKey = Encoding.ASCII.GetBytes(shared.EcKey.ExportSubjectPublicKeyInfoPem());
        string[] assertions =
        [
            Forge.Jwt(header, payload, Forge.Es384(attacker)),
            Forge.Jwt(header.With("jwk", Forge.Jwk(attacker, SharedServer.EcKid)), payload, Forge.Es384(attacker)),
            Forge.Jwt(Header("ES384", "attacker").With("jku", "http://127.0.0.1:9/jwks"), payload, Forge.Es384(attacker)),
            Forge.Jwt(Header("none", SharedServer.EcKid), payload, _ => []),
            Forge.Jwt(Header("HS256", SharedServer.EcKid), payload, Forge.Hs256(publicKey)),
            Forge.Jwt(Header("HS384", SharedServer.EcKid), payload, data => HMACSHA384.HashData(publicKey, data)),
            Forge.Jwt(Header("RS256", SharedServer.RsaKid), Assertion("rsa-client"), Forge.Rs256(shared.RsaKey)),
            Forge.Jwt(Header("RS384", SharedServer.RsaKid), payload, Forge.Rs384(shared.RsaKey)),
            Forge.Jwt(Header("ES384", SharedServer.RsaKid), payload, Forge.Es384(shared.EcKey)),
            "not.a.jwt", "x", "..",
        ];
        foreach (var assertion in assertions)
        {
            Refused(await PostAsync(Form(assertion)), "invalid_client");
        }
    }

    [Fact]
    public async Task An_access_token_is_no_client_assertion()
    {
        Refused(await PostAsync(Form(Server.Token("system/*.cruds", client: "ec-client"))), "invalid_client");
    }

    [Theory]
    [InlineData("system/Patient.rs", "system/Patient.rs")]
    [InlineData("system/Patient.read", "system/Patient.read")]
    [InlineData("system/*.rs", "system/Patient.rs system/Observation.r")]
    [InlineData("system/*.cruds system/Practitioner.rs", "system/Patient.rs system/Observation.r")]
    [InlineData("system/Observation.rs openid offline_access", "system/Observation.r")]
    [InlineData("system/Observation.rs?category=laboratory", "system/Observation.r?category=laboratory")]
    public async Task The_scope_is_cut_down_to_what_the_client_may_have(string asked, string granted)
    {
        var answer = await PostAsync(Form(Signed(Assertion("ec-client")), asked));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(granted.Split(' ').Order(), answer.Json.GetProperty("scope").GetString()!.Split(' ').Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("system/Encounter.rs")]
    [InlineData("patient/*.rs")]
    [InlineData("user/*.rs")]
    [InlineData("system/Observation.s")]
    [InlineData("everything")]
    public async Task A_scope_that_leaves_nothing_is_an_error(string asked)
    {
        Refused(await PostAsync(Form(Signed(Assertion("ec-client")), asked)), "invalid_scope");
    }

    [Fact]
    public async Task The_demo_client_may_use_its_secret_in_header_or_body()
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "system/*.rs" };
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(form, "demo:demo-secret")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(new(form) { ["client_id"] = "demo", ["client_secret"] = "demo-secret" })).Status);
        Refused(await PostAsync(form, "demo:demo-secre"), "invalid_client");
        Refused(await PostAsync(form, "demo:"), "invalid_client");
        Refused(await PostAsync(form, "demo"), "invalid_client");
        Refused(await PostAsync(form), "invalid_client");
        Refused(await PostAsync(new(form) { ["client_id"] = "demo" }), "invalid_client");
        Refused(await PostAsync(new(form) { ["client_id"] = "ec-client", ["client_secret"] = "" }), "invalid_client");
        Refused(await PostAsync(new(form) { ["client_id"] = "demo", ["client_secret"] = "demo-secret" }, "demo:demo-secret"), "invalid_request");
    }

    [Fact]
    public async Task Without_the_demo_switch_there_is_no_demo_client()
    {
        await using var server = await shared.AnotherAsync(demo: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["scope"] = "system/*.rs", ["client_id"] = "demo", ["client_secret"] = "demo-secret",
            }),
        };
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Refused(await Answer.ReadAsync(response), "invalid_client");
    }

    [Fact]
    public async Task A_request_of_the_wrong_form_is_told_so()
    {
        Refused(await PostAsync(new Dictionary<string, string> { ["scope"] = "system/*.rs" }, "demo:demo-secret"), "invalid_request");
        Refused(await PostAsync(new Dictionary<string, string> { ["grant_type"] = "password" }, "demo:demo-secret"), "unsupported_grant_type");
        Refused(await Server.SendAsync(HttpMethod.Post, "oauth/token", null, "{}", "application/json"), "invalid_request");
        Refused(await Server.SendAsync(HttpMethod.Post, "oauth/token", null, "scope=a&scope=b", "application/x-www-form-urlencoded"), "invalid_request");
        Refused(await Server.SendAsync(HttpMethod.Post, "oauth/token", null, "scope=" + new string('x', 100_000), "application/x-www-form-urlencoded"), "invalid_request");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Server.GetAsync("oauth/token", Server.Token("system/*.rs"))).Status);
    }

    private static Dictionary<string, string> Form(string assertion, string scope = "system/Patient.rs") => new()
    {
        ["grant_type"] = "client_credentials",
        ["scope"] = scope,
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ["client_assertion"] = assertion,
    };

    private async Task<Answer> PostAsync(Dictionary<string, string> form, string? basic = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token") { Content = new FormUrlEncodedContent(form) };
        if (basic is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        }
        using var response = await Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    private static void Refused(Answer answer, string error)
    {
        Assert.Equal(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(error, answer.Json.GetProperty("error").GetString());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.False(answer.Json.TryGetProperty("access_token", out _));
    }
}
