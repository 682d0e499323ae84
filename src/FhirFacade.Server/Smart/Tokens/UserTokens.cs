using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Storage.Authorizations;

namespace FhirFacade.Server.Smart.Tokens;

/// <summary>What an app gets for a person: access token, launch context, id_token and refresh token.</summary>
public sealed class UserTokens(AccessTokens tokens, IdTokens identities, People people, SmartSettings settings)
{
    /// <summary>The token response; null if the person may no longer sign in, or nothing is left of what was allowed.</summary>
    /// <param name="authorization">What the person allowed.</param>
    /// <param name="client">The app as it is registered now: what it may no longer have, it is not given.</param>
    /// <param name="narrowed">The scopes that it wants this time; empty for all.</param>
    /// <param name="refreshToken">For the next time; null for none.</param>
    /// <param name="isFirst">Whether this answers a code.</param>
    /// <param name="cancellationToken">Stops the statements.</param>
    public async Task<JsonObject?> AnswerAsync(Authorization authorization, SmartClient client, string narrowed, string? refreshToken, bool isFirst, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(authorization);
        ArgumentNullException.ThrowIfNull(client);
        var scope = ScopeCut.Of(narrowed.Length > 0 ? narrowed : authorization.Scope, client.Scope, AccessContext.Patient, AccessContext.User);
        if (scope.Length == 0 || await people.FindAsync(authorization.Account, cancellationToken) is not { } account)
        {
            return null;
        }
        var context = LaunchContext.Parse(authorization.Context);
        var claims = new List<KeyValuePair<string, object>> { new(RevokedTokens.AuthorizationClaim, authorization.Id.ToString("N")) };
        claims.AddRange(context.Patient is { } patient ? [new("patient", patient)] : []);
        claims.AddRange(context.Encounter is { } encounter ? [new("encounter", encounter)] : []);
        claims.AddRange(context.PurposeOfUse is { } purpose ? [new(GrantFactory.PurposeClaim, purpose)] : []);
        claims.AddRange(account.FhirUser is { } user ? [new("fhirUser", $"{settings.FhirBase}/{user}")] : []);
        var answer = new JsonObject
        {
            ["access_token"] = tokens.Issue(account.Id.ToString("N"), client.Id, scope, claims),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)tokens.Lifetime.TotalSeconds,
            ["scope"] = scope,
        };
        context.WriteTo(answer);
        if (refreshToken is not null)
        {
            answer["refresh_token"] = refreshToken;
        }
        if (ScopeCut.Has(scope, "openid"))
        {
            answer["id_token"] = identities.Issue(authorization, account, withNonce: isFirst);
        }
        return answer;
    }
}
