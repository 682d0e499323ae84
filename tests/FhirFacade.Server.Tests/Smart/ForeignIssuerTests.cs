using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Another issuer by configuration: a real one on a socket of its own, which signs with RSA and publishes its keys.</summary>
public sealed class ForeignIssuerTests(SharedDatabase database) : IAsyncLifetime
{
    private readonly RSA key = RSA.Create(2048);
    private readonly string issuer = $"http://127.0.0.1:{RunningServer.FreePort()}";
    private WebApplication foreign = null!;
    private RunningServer server = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        foreign = builder.Build();
        foreign.Urls.Add(issuer);
        foreign.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer,
            jwks_uri = issuer + "/keys",
            token_endpoint = issuer + "/token",
            authorization_endpoint = issuer + "/authorize",
        }));
        foreign.MapGet("/keys", () => Results.Content(Forge.Jwks(Forge.Jwk(key, "foreign-key").With("use", "sig").With("alg", "RS256")), "application/json"));
        await foreign.StartAsync();
        server = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { Authority = issuer });
    }

    private JsonObject Payload => new()
    {
        ["iss"] = issuer,
        ["aud"] = server.Settings.FhirBase,
        ["sub"] = "user",
        ["azp"] = "app",
        ["scope"] = "patient/Patient.rs",
        ["patient"] = "nobody",
        ["exp"] = Forge.In(TimeSpan.FromMinutes(5)),
    };

    private static JsonObject Header => new() { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = "foreign-key" };

    [Fact]
    public async Task Its_tokens_open_what_their_scope_says()
    {
        var token = Forge.Jwt(Header, Payload, Forge.Rs256(key));
        (await server.GetAsync("fhir/Patient/nobody", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await server.GetAsync("fhir/Observation/nobody", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_scope_written_as_a_list_is_read_too()
    {
        var token = Forge.Jwt(Header, Payload.Without("scope").With("scp", new JsonArray("openid", "system/Observation.rs")), Forge.Rs256(key));
        (await server.GetAsync("fhir/Observation/nobody", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Tokens_of_the_built_in_issuer_are_no_longer_believed()
    {
        (await server.GetAsync("fhir/Patient/nobody", server.Token("system/*.cruds"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Null(DevelopmentToken.Issue(server.Services.GetRequiredService<AccessTokens>(), server.Settings, "system/*.cruds", null));
    }

    [Fact]
    public async Task Its_tokens_for_somebody_else_or_by_another_key_are_refused()
    {
        using var attacker = RSA.Create(2048);
        string[] tokens =
        [
            Forge.Jwt(Header, Payload.With("aud", "https://elsewhere.example/fhir"), Forge.Rs256(key)),
            Forge.Jwt(Header, Payload.With("iss", "https://elsewhere.example"), Forge.Rs256(key)),
            Forge.Jwt(Header, Payload.With("exp", Forge.In(TimeSpan.FromMinutes(-2))), Forge.Rs256(key)),
            Forge.Jwt(Header, Payload, Forge.Rs256(attacker)),
            Forge.Jwt(Header.With("kid", "other"), Payload, Forge.Rs256(attacker)),
            Forge.Jwt(Header.With("alg", "none"), Payload, _ => []),
            Forge.Jwt(Header.With("alg", "HS256"), Payload, Forge.Hs256(key.ExportSubjectPublicKeyInfo())),
        ];
        foreach (var token in tokens)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.GetAsync("fhir/Patient/nobody", token)).Status);
        }
    }

    [Fact]
    public async Task Discovery_points_to_it_and_the_own_token_endpoint_is_closed()
    {
        var answer = await server.GetAsync("fhir/.well-known/smart-configuration", token: null);
        Assert.Equal(issuer, answer.Json.GetProperty("issuer").GetString());
        Assert.Equal(issuer + "/token", answer.Json.GetProperty("token_endpoint").GetString());
        Assert.Equal(issuer + "/authorize", answer.Json.GetProperty("authorization_endpoint").GetString());
        var closed = await server.SendAsync(HttpMethod.Post, "oauth/token", null, "grant_type=client_credentials&client_id=demo&client_secret=demo-secret&scope=system/*.rs", "application/x-www-form-urlencoded");
        Assert.Equal(HttpStatusCode.Unauthorized, closed.Status);
        Assert.DoesNotContain("access_token", closed.Text.Replace("access token", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_closes_the_API_and_is_named_unavailable()
    {
        await using var alone = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { Authority = $"http://127.0.0.1:{RunningServer.FreePort()}" });
        (await alone.GetAsync("fhir/Patient/nobody", Forge.Jwt(Header, Payload, Forge.Rs256(key)))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        (await alone.GetAsync("fhir/.well-known/smart-configuration", token: null)).IsOutcome(HttpStatusCode.ServiceUnavailable, "transient");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await foreign.DisposeAsync();
        key.Dispose();
    }
}
