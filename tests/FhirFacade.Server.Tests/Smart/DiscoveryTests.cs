using System.Net;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

public sealed class DiscoveryTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private RunningServer Server => shared.Server;

    [Fact]
    public async Task Smart_configuration_names_what_is_there()
    {
        var answer = await Server.GetAsync("fhir/.well-known/smart-configuration", token: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Equal(Server.Settings.TokenEndpoint, answer.Json.GetProperty("token_endpoint").GetString());
        Assert.Equal(["authorization_code", "refresh_token", "client_credentials"], answer.Json.GetProperty("grant_types_supported").EnumerateArray().Select(e => e.GetString()));
        Assert.Contains("client-confidential-asymmetric", answer.Json.GetProperty("capabilities").EnumerateArray().Select(e => e.GetString()));
        Assert.Contains("private_key_jwt", answer.Json.GetProperty("token_endpoint_auth_methods_supported").EnumerateArray().Select(e => e.GetString()));
        var keys = await Server.GetAsync(new Uri(answer.Json.GetProperty("jwks_uri").GetString()!).PathAndQuery, token: null);
        var published = keys.Json.GetProperty("keys").EnumerateArray().ToList();
        Assert.Contains(Server.Key.PublicKey.Kid, published.Select(k => k.GetProperty("kid").GetString()));
        Assert.Equal(["ES384", "RS256"], published.Select(k => k.GetProperty("alg").GetString()).Distinct().Order());
        Assert.All(published, key => Assert.DoesNotContain(key.EnumerateObject(), member => member.Name is "d" or "p" or "q" or "dp" or "dq" or "qi" or "k"));
    }

    [Fact]
    public async Task Openid_configuration_leads_to_the_same_issuer_and_keys()
    {
        var smart = await Server.GetAsync("fhir/.well-known/smart-configuration", token: null);
        var openid = await Server.GetAsync(".well-known/openid-configuration", token: null);
        Assert.Equal(smart.Json.GetProperty("issuer").GetString(), openid.Json.GetProperty("issuer").GetString());
        Assert.Equal(smart.Json.GetProperty("jwks_uri").GetString(), openid.Json.GetProperty("jwks_uri").GetString());
    }
}
