using System.Text.Json.Nodes;
using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary><c>grant_type=refresh_token</c>: each token is good once and brings the next one (RFC 6749 section 6, RFC 9700 section 4.14.2).</summary>
public sealed class RefreshGrant(AuthorizationStore store, RevokedTokens revoked, UserTokens tokens)
{
    private static readonly OAuthError Invalid = new("invalid_grant", "the refresh token is unknown, was used, has ended, or is not for this client");

    /// <summary>The token response, or the error. A token that was used before, or by another client, ends the whole family.</summary>
    public async Task<(JsonObject? Answer, OAuthError? Error)> AnswerAsync(IFormCollection form, SmartClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(client);
        var token = form["refresh_token"].ToString();
        if (token.Length == 0)
        {
            return (null, new OAuthError("invalid_request", "refresh_token is missing"));
        }
        var (hash, scope) = (SmartClient.Hash(token), form["scope"].ToString().Trim());
        if (scope.Length > 0 && await store.FindByRefreshTokenAsync(hash, cancellationToken) is { } known && known.ClientId == client.Id && !ScopeCut.Covers(known.Scope, scope))
        {
            return (null, new OAuthError("invalid_scope", "the scope is wider than what was allowed"));
        }
        var next = Secret.Create();
        switch (await store.RotateAsync(hash, client.Id, next.Hash, cancellationToken))
        {
            case RefreshOutcome.Rotated(var authorization):
                return await tokens.AnswerAsync(authorization, client, scope, next.Value, isFirst: false, cancellationToken) is { } answer ? (answer, null) : (null, Invalid);
            case RefreshOutcome.Stolen(var id):
                await store.EndAsync(id, cancellationToken);
                await revoked.RevokeAuthorizationAsync(id, cancellationToken);
                return (null, Invalid);
            default:
                return (null, Invalid);
        }
    }
}
