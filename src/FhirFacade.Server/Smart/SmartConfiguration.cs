using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart;

/// <summary>The discovery documents: <c>smart-configuration</c>, <c>openid-configuration</c> and the JWKS. They name what is there, and nothing else.</summary>
public sealed class SmartConfiguration(SmartSettings settings, SigningKeys keys)
{
    private static readonly string[] Scopes =
    [
        "openid", "fhirUser", "profile", "launch", "launch/patient", "launch/encounter", "online_access", "offline_access",
        "patient/*.cruds", "patient/*.rs", "patient/*.read", "patient/*.write", "system/*.cruds", "system/*.rs", "system/*.read", "system/*.write",
    ];

    private static readonly string[] UserScopes = ["user/*.cruds", "user/*.rs", "user/*.read", "user/*.write"];

    private static readonly string[] Capable =
    [
        "launch-standalone", "launch-ehr", "authorize-post", "client-public", "client-confidential-symmetric", "client-confidential-asymmetric", "sso-openid-connect",
        "context-banner", "context-style", "context-ehr-patient", "context-ehr-encounter", "context-standalone-patient", "context-standalone-encounter",
        "permission-offline", "permission-online", "permission-patient", "permission-v1", "permission-v2",
    ];

    /// <summary><c>[base]/.well-known/smart-configuration</c> (SMART App Launch 2.2, conformance).</summary>
    public Task SmartAsync(HttpContext http) => WriteAsync(http, Shared(new JsonObject
    {
        ["capabilities"] = List([.. Capable, .. UsersHaveRights ? new[] { "permission-user" } : []]),
    }));

    /// <summary><c>/.well-known/openid-configuration</c> (also RFC 8414): lets another resource server find issuer and keys.</summary>
    public Task OpenIdAsync(HttpContext http) => WriteAsync(http, Shared(new JsonObject
    {
        ["subject_types_supported"] = List("public"),
        ["id_token_signing_alg_values_supported"] = List(SecurityAlgorithms.RsaSha256),
        ["claims_supported"] = List("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "fhirUser", "name"),
        ["request_parameter_supported"] = false,
        ["request_uri_parameter_supported"] = false,
    }));

    /// <summary><c>/.well-known/jwks.json</c>: the public halves of the keys that are believed.</summary>
    public Task JwksAsync(HttpContext http) => WriteAsync(http, new JsonObject { ["keys"] = new JsonArray([.. keys.PublishedText.Select(text => JsonNode.Parse(text))]) });

    private bool UsersHaveRights => settings.UserAccess != UserRelation.Nobody;

    private JsonObject Shared(JsonObject json)
    {
        json["issuer"] = settings.Issuer;
        json["jwks_uri"] = settings.PublicUrl + "/.well-known/jwks.json";
        json["authorization_endpoint"] = settings.AuthorizationEndpoint;
        json["token_endpoint"] = settings.TokenEndpoint;
        json["introspection_endpoint"] = settings.IntrospectionEndpoint;
        json["revocation_endpoint"] = settings.RevocationEndpoint;
        json["management_endpoint"] = settings.ManagementEndpoint;
        if (settings.RegistrationEndpoint is { } registration)
        {
            json["registration_endpoint"] = registration;
        }
        json["scopes_supported"] = List([.. Scopes, .. UsersHaveRights ? UserScopes : []]);
        json["response_types_supported"] = List("code");
        json["response_modes_supported"] = List("query");
        json["grant_types_supported"] = List("authorization_code", "refresh_token", "client_credentials");
        json["code_challenge_methods_supported"] = List("S256");
        json["token_endpoint_auth_methods_supported"] = List("private_key_jwt", "client_secret_basic", "client_secret_post", "none");
        json["token_endpoint_auth_signing_alg_values_supported"] = List(SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384);
        json["introspection_endpoint_auth_methods_supported"] = List("private_key_jwt", "client_secret_basic", "client_secret_post");
        json["authorization_response_iss_parameter_supported"] = true;
        return json;
    }

    private static JsonArray List(params IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];

    private static Task WriteAsync(HttpContext http, JsonObject json)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "max-age=300";
        http.Response.Headers.AccessControlAllowOrigin = "*";       // public documents, read by apps in browsers
        return http.Response.WriteAsync(json.ToJsonString(), http.RequestAborted);
    }
}
