using System.Text.Json.Nodes;
using FhirFacade.Storage.Authorizations;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary><c>POST /oauth/introspect</c> (RFC 7662; SMART App Launch 2.2, token introspection).</summary>
public sealed class IntrospectionEndpoint(ClientAuthentication clients, TokenReader reader, AuthorizationStore store, SmartSettings settings)
{
    private static readonly string[] Shown = ["sub", "client_id", "scope", "jti", "patient", "encounter", "fhirUser", GrantFactory.PurposeClaim, "iss", "aud"];

    /// <summary>
    /// Tells what a token is good for. A client with a secret or key may ask about its own tokens, one whose scope holds
    /// <see cref="SiteScopes.Introspect"/> about all. Whatever is not active is just that.
    /// </summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (form, error) = await OAuthForm.ReadAsync(http);
        var client = (SmartClient?)null;
        if (form is not null)
        {
            (client, error) = await clients.AuthenticateAsync(http.Request, form);
        }
        if (client is { Kind: ClientKind.Public })
        {
            error = new OAuthError("invalid_client", "the client is unknown or could not prove who it is");
        }
        if (error is not null)
        {
            await error.WriteAsync(http);
            return;
        }
        var token = form!["token"].ToString();
        var answer = await OfAccessTokenAsync(token, client!) ?? await OfRefreshTokenAsync(token, client!, http.RequestAborted) ?? new JsonObject { ["active"] = false };
        await TokenResponse.WriteAsync(http, answer);
    }

    private async Task<JsonObject?> OfAccessTokenAsync(string token, SmartClient client)
    {
        if (await reader.ReadAsync(token) is not { } read || !MayAsk(client, Claim(read, "client_id")))
        {
            return null;
        }
        var answer = new JsonObject { ["active"] = true, ["token_type"] = "Bearer", ["exp"] = new DateTimeOffset(read.ValidTo).ToUnixTimeSeconds(), ["iat"] = new DateTimeOffset(read.IssuedAt).ToUnixTimeSeconds() };
        foreach (var name in Shown)
        {
            if (Claim(read, name) is { } value)
            {
                answer[name] = value;
            }
        }
        if (Claim(read, RevokedTokens.AuthorizationClaim) is { } id && Guid.TryParse(id, out var authorization) && await store.ContextAsync(authorization) is { } context)
        {
            LaunchContext.Parse(context).WriteTo(answer);
        }
        return answer;
    }

    private async Task<JsonObject?> OfRefreshTokenAsync(string token, SmartClient client, CancellationToken cancellationToken) =>
        await store.FindByRefreshTokenAsync(SmartClient.Hash(token), cancellationToken) is { } authorization && MayAsk(client, authorization.ClientId)
            ? new JsonObject
            {
                ["active"] = true, ["token_type"] = "refresh_token", ["client_id"] = authorization.ClientId, ["scope"] = authorization.Scope,
                ["sub"] = authorization.Account.ToString("N"), ["exp"] = authorization.ExpiresAt.ToUnixTimeSeconds(), ["iss"] = settings.Issuer,
            }
            : null;

    private static bool MayAsk(SmartClient client, string? owner) => owner == client.Id || client.May(SiteScopes.Introspect);

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;
}
