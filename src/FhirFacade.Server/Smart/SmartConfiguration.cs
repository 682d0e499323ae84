using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>The discovery documents: <c>smart-configuration</c>, <c>openid-configuration</c> and the JWKS.</summary>
public sealed class SmartConfiguration(SmartSettings settings, SigningKey key)
{
    /// <summary><c>[base]/.well-known/smart-configuration</c> (SMART App Launch 2.2, conformance).</summary>
    public Task SmartAsync(HttpContext http) => WriteAsync(http, Shared(new JsonObject
    {
        ["scopes_supported"] = new JsonArray("system/*.cruds", "system/*.rs", "system/*.read", "patient/*.rs", "patient/*.read"),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
        ["capabilities"] = Capabilities(),
    }));

    /// <summary><c>/.well-known/openid-configuration</c> (also RFC 8414): lets another resource server find issuer and keys.</summary>
    public Task OpenIdAsync(HttpContext http) => WriteAsync(http, Shared(new JsonObject
    {
        ["response_types_supported"] = new JsonArray(),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray(SecurityAlgorithms.EcdsaSha384),
    }));

    /// <summary><c>/.well-known/jwks.json</c>: the public half of the signing key.</summary>
    public Task JwksAsync(HttpContext http) => WriteAsync(http, new JsonObject
    {
        ["keys"] = new JsonArray(new JsonObject
        {
            ["kty"] = key.PublicKey.Kty,
            ["crv"] = key.PublicKey.Crv,
            ["x"] = key.PublicKey.X,
            ["y"] = key.PublicKey.Y,
            ["kid"] = key.PublicKey.Kid,
            ["alg"] = key.PublicKey.Alg,
            ["use"] = key.PublicKey.Use,
        }),
    });

    private JsonObject Shared(JsonObject json)
    {
        json["issuer"] = settings.Issuer;
        json["jwks_uri"] = settings.PublicUrl + "/.well-known/jwks.json";
        json["token_endpoint"] = settings.TokenEndpoint;
        json["grant_types_supported"] = new JsonArray("client_credentials");
        json["token_endpoint_auth_methods_supported"] = settings.Demo
            ? new JsonArray("private_key_jwt", "client_secret_basic", "client_secret_post")
            : new JsonArray("private_key_jwt");
        json["token_endpoint_auth_signing_alg_values_supported"] = new JsonArray(SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384);
        return json;
    }

    private JsonArray Capabilities() => settings.Demo
        ? ["client-confidential-asymmetric", "client-confidential-symmetric", "permission-v1", "permission-v2", "permission-patient"]
        : ["client-confidential-asymmetric", "permission-v1", "permission-v2", "permission-patient"];

    private static Task WriteAsync(HttpContext http, JsonObject json)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "max-age=300";
        http.Response.Headers.AccessControlAllowOrigin = "*";       // public documents, read by apps in browsers
        return http.Response.WriteAsync(json.ToJsonString(), http.RequestAborted);
    }
}
