using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary><c>POST /oauth/register</c> (RFC 7591), where the site lets apps register themselves. They get no more than the site's scope for them, and each person is asked.</summary>
public sealed class RegistrationEndpoint(ClientStore store, SmartSettings settings)
{
    private const int LargestBody = 32 * 1024;

    /// <summary>Registers a client: public, with a secret of ours, or with keys of its own.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var said = await JsonBody.ReadAsync(http, LargestBody);
        if (said is null || settings.RegistrationScope is not { } widest)
        {
            await Refuse("invalid_client_metadata", "the body is to be a JSON object").WriteAsync(http);
            return;
        }
        var (client, secret, error) = Read(said, widest);
        if (error is not null)
        {
            await error.WriteAsync(http);
            return;
        }
        var broken = ClientRules.Broken(client!, settings.AllowPrivateNetworks).ToList();
        if (broken.Count > 0)
        {
            await Refuse(broken[0].Contains("redirect URI", StringComparison.Ordinal) ? "invalid_redirect_uri" : "invalid_client_metadata", broken[0]).WriteAsync(http);
            return;
        }
        await store.AddAsync(client!, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status201Created;
        await TokenResponse.WriteAsync(http, Describe(client!, secret, said));
    }

    private static (RegisteredClient? Client, string? Secret, OAuthError? Error) Read(JsonObject said, string widest)
    {
        var method = Text(said, "token_endpoint_auth_method") ?? "client_secret_basic";
        ClientKind? kind = method switch { "none" => ClientKind.Public, "client_secret_basic" or "client_secret_post" => ClientKind.Symmetric, "private_key_jwt" => ClientKind.Asymmetric, _ => null };
        if (kind is null || said["redirect_uris"] is not JsonArray { Count: > 0 and <= 10 } uris || !uris.All(u => u is JsonValue v && v.GetValueKind() == JsonValueKind.String)
            || (said["grant_types"] is JsonArray grants && grants.Any(g => g?.ToString() is not ("authorization_code" or "refresh_token")))
            || (said["response_types"] is JsonArray types && types.Any(t => t?.ToString() != "code")))
        {
            return (null, null, Refuse("invalid_client_metadata", "redirect_uris, grant_types, response_types or token_endpoint_auth_method is not one that is offered here"));
        }
        var secret = kind == ClientKind.Symmetric ? Secret.Create() : null;
        var id = "app-" + Guid.NewGuid().ToString("N");
        var client = new RegisteredClient(id, Text(said, "client_name") ?? id, kind.Value,
            ScopeCut.Of(Text(said, "scope") ?? widest, widest, AccessContext.Patient, AccessContext.User))
        {
            RedirectUris = [.. uris.Select(u => u!.ToString())],
            LaunchUrl = Text(said, "initiate_login_uri"),
            SecretHash = secret?.Hash,
            Jwks = kind == ClientKind.Asymmetric ? (said["jwks"] as JsonObject)?.ToJsonString() : null,
            JwksUrl = kind == ClientKind.Asymmetric && said["jwks"] is null ? Text(said, "jwks_uri") : null,
            IsSelfRegistered = true,
        };
        return kind == ClientKind.Asymmetric && client.Jwks is null && client.JwksUrl is null
            ? (null, null, Refuse("invalid_client_metadata", "private_key_jwt needs jwks or jwks_uri"))
            : (client, secret?.Value, null);
    }

    private static JsonObject Describe(RegisteredClient client, string? secret, JsonObject said)
    {
        var answer = new JsonObject
        {
            ["client_id"] = client.Id,
            ["client_id_issued_at"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["client_name"] = client.Name,
            ["redirect_uris"] = new JsonArray([.. client.RedirectUris.Select(u => (JsonNode)u)]),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = Text(said, "token_endpoint_auth_method") ?? "client_secret_basic",
            ["scope"] = client.Scope,
        };
        if (secret is not null)
        {
            answer["client_secret"] = secret;
            answer["client_secret_expires_at"] = 0;
        }
        return answer;
    }

    private static string? Text(JsonObject said, string name) => said[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.ToString() is { Length: > 0 } text ? text : null;

    private static OAuthError Refuse(string code, string description) => new(code, description);
}
