using FhirFacade.Storage.Accounts;
using FhirFacade.Storage.Authorizations;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary>Says to an app who its user is (OpenID Connect Core 1.0 section 2; SMART App Launch 2.2, scopes for requesting identity data).</summary>
public sealed class IdTokens(SmartSettings settings, SigningKeys keys, TimeProvider clock)
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>Signs one; it is for the app alone, and no access token.</summary>
    public string Issue(Authorization authorization, Account account, bool withNonce)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        ArgumentNullException.ThrowIfNull(account);
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = account.Id.ToString("N"), ["auth_time"] = authorization.SignedInAt.ToUnixTimeSeconds() };
        if (withNonce && authorization.Nonce is { } nonce)
        {
            claims["nonce"] = nonce;
        }
        if (account.FhirUser is { } user && (ScopeCut.Has(authorization.Scope, "fhirUser") || ScopeCut.Has(authorization.Scope, "profile")))
        {
            claims["fhirUser"] = $"{settings.FhirBase}/{user}";
        }
        if (ScopeCut.Has(authorization.Scope, "profile"))
        {
            claims["name"] = account.DisplayName;
        }
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Issuer,
            Audience = authorization.ClientId,
            IssuedAt = now,
            Expires = now.AddMinutes(10),
            Claims = claims,
            SigningCredentials = keys.IdentityKey.Credentials,
        });
    }
}
