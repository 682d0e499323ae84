using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>Ends all that a person, or whoever knew their password, has begun: sessions, what apps were allowed, and tokens.</summary>
public sealed class SignOut(SessionStore sessions, AuthorizationStore authorizations, RevokedTokens revoked)
{
    /// <summary>Ends everything of an account; every token of it is refused from the next request on.</summary>
    public async Task EndAsync(Guid account, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(account, cancellationToken);
        await authorizations.EndAllAsync(account, null, cancellationToken);
        await revoked.RevokeAccountAsync(account, cancellationToken);
    }

    /// <summary>Ends what one app was allowed.</summary>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> EndAsync(Guid account, string clientId, CancellationToken cancellationToken)
    {
        var ended = await authorizations.EndAllAsync(account, clientId, cancellationToken);
        foreach (var authorization in ended)
        {
            await revoked.RevokeAuthorizationAsync(authorization, cancellationToken);
        }
        return ended.Count > 0;
    }
}
