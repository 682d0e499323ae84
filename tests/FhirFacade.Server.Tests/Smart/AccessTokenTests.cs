using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>What is told of a token that is not believed, and how long one is; the ways of forging one are among the attacks.</summary>
public sealed class AccessTokenTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private RunningServer Server => shared.Server;

    private JsonObject Header => new() { ["alg"] = "ES384", ["typ"] = "at+jwt", ["kid"] = Server.Key.PublicKey.Kid };

    private JsonObject Payload => new()
    {
        ["iss"] = Server.Settings.Issuer,
        ["aud"] = Server.Settings.FhirBase,
        ["sub"] = "test",
        ["client_id"] = "test",
        ["scope"] = "system/*.cruds",
        ["jti"] = Guid.NewGuid().ToString(),
        ["nbf"] = Forge.In(TimeSpan.FromSeconds(-10)),
        ["exp"] = Forge.In(TimeSpan.FromMinutes(5)),
    };

    private Func<byte[], byte[]> Ours => Forge.Es384(((ECDsaSecurityKey)Server.Key.SecurityKey).ECDsa);

    [Fact]
    public async Task Without_a_token_the_answer_is_401_with_a_challenge_and_an_outcome()
    {
        var answer = await Server.GetAsync("fhir/Patient/nobody", token: null);
        answer.IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal("Bearer realm=\"fhirfacade\"", answer.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task A_remembered_token_stops_at_its_expiry()
    {
        var token = Forge.Jwt(Header, Payload.With("exp", Forge.In(TimeSpan.FromSeconds(3))), Ours);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/nobody", token)).Status);
        await Task.Delay(TimeSpan.FromSeconds(3.1), TestContext.Current.CancellationToken);
        var answer = await Server.GetAsync("fhir/Patient/nobody", token);
        answer.IsOutcome(HttpStatusCode.Unauthorized, "expired");
        Assert.Contains("invalid_token", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_address_or_under_another_scheme_is_not_looked_at()
    {
        var token = Forge.Jwt(Header, Payload, Ours);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync($"fhir/Patient/nobody?access_token={token}", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("fhir/Patient/nobody", token: null, ("Authorization", "Basic ZGVtbzpkZW1vLXNlY3JldA=="))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Server.GetAsync("fhir/Patient/nobody", token: null, ("Authorization", token))).Status);
    }
}
