using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary><c>POST /oauth/revoke</c> (RFC 7009): a client gives back a token of its own; it is of no use from the next request on.</summary>
public sealed class RevocationEndpoint(ClientAuthentication clients, TokenReader reader, AuthorizationStore store, RevokedTokens revoked)
{
    /// <summary>200 also for a token that is unknown, or another client's: the answer tells nothing about it.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (form, error) = await OAuthForm.ReadAsync(http);
        var client = (SmartClient?)null;
        if (form is not null)
        {
            (client, error) = await clients.AuthenticateAsync(http.Request, form);
        }
        error ??= form!["token"].ToString().Length == 0 ? new OAuthError("invalid_request", "token is missing") : null;
        if (error is not null)
        {
            await error.WriteAsync(http);
            return;
        }
        await RevokeAsync(form!["token"].ToString(), client!, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
    }

    private async Task RevokeAsync(string token, SmartClient client, CancellationToken cancellationToken)
    {
        if (await store.FindByRefreshTokenAsync(SmartClient.Hash(token), cancellationToken) is { } authorization)
        {
            if (authorization.ClientId == client.Id)
            {
                await store.EndAsync(authorization.Id, cancellationToken);
                await revoked.RevokeAuthorizationAsync(authorization.Id, cancellationToken);
            }
        }
        else if (await reader.ReadAsync(token) is { Id.Length: > 0 } read && read.TryGetPayloadValue<string>("client_id", out var owner) && owner == client.Id)
        {
            await revoked.RevokeTokenAsync(read.Id, cancellationToken);
        }
    }
}
