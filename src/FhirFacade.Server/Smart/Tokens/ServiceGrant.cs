using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary><c>grant_type=client_credentials</c> (RFC 6749 section 4.4; SMART App Launch 2.2, backend services).</summary>
public sealed class ServiceGrant(AccessTokens tokens)
{
    /// <summary>
    /// The requested scopes as far as they are covered by the client's own. Without a user and a patient only <c>system/</c> scopes mean
    /// anything, and those of this server's own (<see cref="SiteScopes"/>).
    /// </summary>
    public (JsonObject? Answer, OAuthError? Error) Answer(IFormCollection form, SmartClient client)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(client);
        if (client.Kind == ClientKind.Public)
        {
            return (null, new OAuthError("unauthorized_client", "a client without secret or key cannot act for itself"));
        }
        var scope = string.Join(' ', ScopeCut.Of(form["scope"].ToString(), client.Scope, AccessContext.System).Split(' ')
            .Where(word => SmartScopes.Parse(word).Rules.Length == 1 || SiteScopes.All.Contains(word)));
        return scope.Length == 0
            ? (null, new OAuthError("invalid_scope", "none of the requested scopes may be given to this client"))
            : (new JsonObject
            {
                ["access_token"] = tokens.Issue(client.Id, client.Id, scope),
                ["token_type"] = "bearer",
                ["expires_in"] = (int)tokens.Lifetime.TotalSeconds,
                ["scope"] = scope,
            }, null);
    }
}
