using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirFacade.Storage.Authorizations;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary><c>grant_type=authorization_code</c> with PKCE (RFC 6749 section 4.1.3, RFC 7636).</summary>
public sealed partial class CodeGrant(AuthorizationStore store, RevokedTokens revoked, UserTokens tokens)
{
    private static readonly OAuthError Invalid = new("invalid_grant", "the code is unknown, was used, has expired, or is not for this client, redirect_uri and code_verifier");

    /// <summary>The token response, or the error.</summary>
    /// <remarks>A code is used up whatever comes of it. One that comes again, or from somebody who cannot show where it was sent and what for, ends all that it gave.</remarks>
    public async Task<(JsonObject? Answer, OAuthError? Error)> AnswerAsync(IFormCollection form, SmartClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(client);
        var (code, verifier) = (form["code"].ToString(), form["code_verifier"].ToString());
        if (code.Length == 0 || form["redirect_uri"].ToString().Length == 0 || !Verifier().IsMatch(verifier))
        {
            return (null, new OAuthError("invalid_request", "code, redirect_uri and code_verifier are needed"));
        }
        switch (await store.RedeemAsync(SmartClient.Hash(code), cancellationToken))
        {
            case CodeOutcome.Redeemed(var authorization, var redirectUri, var challenge):
                if (authorization.ClientId != client.Id || redirectUri != form["redirect_uri"] || !Meets(verifier, challenge))
                {
                    await EndAsync(authorization.Id, cancellationToken);
                    return (null, Invalid);
                }
                var refresh = ScopeCut.Has(authorization.Scope, "offline_access") || ScopeCut.Has(authorization.Scope, "online_access") ? Secret.Create() : null;
                if (refresh is not null)
                {
                    await store.AddRefreshTokenAsync(refresh.Hash, authorization.Id, cancellationToken);
                }
                return await tokens.AnswerAsync(authorization, client, "", refresh?.Value, isFirst: true, cancellationToken) is { } answer ? (answer, null) : (null, Invalid);
            case CodeOutcome.Replayed(var id):
                await EndAsync(id, cancellationToken);
                return (null, Invalid);
            default:
                return (null, Invalid);
        }
    }

    private async Task EndAsync(Guid authorization, CancellationToken cancellationToken)
    {
        await store.EndAsync(authorization, cancellationToken);
        await revoked.RevokeAuthorizationAsync(authorization, cancellationToken);
    }

    private static bool Meets(string verifier, string challenge) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))), Encoding.ASCII.GetBytes(challenge));

    [GeneratedRegex(@"^[A-Za-z0-9._~-]{43,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Verifier();
}
