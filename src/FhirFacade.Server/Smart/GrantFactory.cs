using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace FhirFacade.Server.Smart;

/// <summary>Turns the claims of a validated token into an <see cref="AccessGrant"/>: once a token, as long as it is remembered.</summary>
public static class GrantFactory
{
    /// <summary>The claim of a token that says what it is for: codes of v3-ActReason.</summary>
    public const string PurposeClaim = "purpose_of_use";

    private static readonly ConditionalWeakTable<ClaimsIdentity, Known> ByToken = [];
    private static readonly ConditionalWeakTable<ClaimsIdentity, ConcurrentDictionary<string, ClaimsPrincipal>> ByPurpose = [];

    /// <summary>The grant of the caller; <see cref="AccessGrant.Nothing"/> for one without a validated token.</summary>
    public static AccessGrant From(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.Identity is ClaimsIdentity { IsAuthenticated: true } identity && ByToken.TryGetValue(identity, out var known)
            ? known.Grant
            : AccessGrant.Nothing;
    }

    /// <summary>Makes the grant of a token that has passed, before anybody can ask for it.</summary>
    internal static Task AttachAsync(TokenValidatedContext context, SmartSettings settings)
    {
        if (context.Principal?.Identity is ClaimsIdentity identity)
        {
            Remember(identity, settings.Policies.Apply(Make(identity, settings)));
        }
        return Task.CompletedTask;
    }

    /// <summary>The caller again whose token passed earlier, by what it said then and by the policies as they are now.</summary>
    internal static ClaimsPrincipal Restore(IEnumerable<Claim> claims, SmartSettings settings)
    {
        var identity = new ClaimsIdentity(claims, JwtBearerDefaults.AuthenticationScheme, "sub", null);
        Remember(identity, settings.Policies.Apply(Make(identity, settings)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>The same caller, for a purpose of use that they name; null if they may not.</summary>
    internal static ClaimsPrincipal? WithPurpose(ClaimsPrincipal caller, string purpose, SmartSettings settings)
    {
        if (caller.Identity is not ClaimsIdentity identity)
        {
            return null;
        }
        if (ByPurpose.TryGetValue(identity, out var known) && known.TryGetValue(purpose, out var again))
        {
            return again;
        }
        if (settings.Policies.Apply(Make(identity, settings), purpose) is not { } grant)
        {
            return null;
        }
        // The purpose is now one of the caller's claims: whoever takes these down takes the purpose down, too.
        var chosen = new ClaimsIdentity(identity.Claims.Where(claim => claim.Type != PurposeClaim).Append(new Claim(PurposeClaim, purpose)), identity.AuthenticationType, "sub", null);
        Remember(chosen, grant);
        return ByPurpose.GetValue(identity, _ => new(StringComparer.Ordinal)).GetOrAdd(purpose, new ClaimsPrincipal(chosen));
    }

    /// <summary>The same caller, a practitioner whose grant is widened for an emergency; null for anybody else. Whether there is one is for the caller of this to know.</summary>
    internal static ClaimsPrincipal? Wider(ClaimsPrincipal caller, SmartSettings settings)
    {
        if (caller.Identity is not ClaimsIdentity { IsAuthenticated: true } identity
            || identity.HasClaim(claim => claim.Type == PurposeClaim && !PurposeOfUse.IsA(PurposeOfUse.BreakTheGlass, claim.Value))
            || UserReach.Of(Only(identity, "fhirUser"), settings.FhirBase, UserRelation.Everyone) is not { Type: "Practitioner" } everyone)
        {
            return null;
        }
        // Were these claims taken down, they would open nothing: an emergency is judged at each request.
        var wider = new ClaimsIdentity(identity.Claims.Where(claim => claim.Type != PurposeClaim).Append(new Claim(PurposeClaim, PurposeOfUse.BreakTheGlass)), identity.AuthenticationType, "sub", null);
        Remember(wider, settings.Policies.Widen(Make(identity, settings), everyone, settings.BreakGlass));
        return new ClaimsPrincipal(wider);
    }

    /// <summary>Whether the token was made for an emergency.</summary>
    internal static bool IsForEmergency(ClaimsPrincipal caller) => caller.Identity is ClaimsIdentity identity && ByToken.TryGetValue(identity, out var known) && known.IsForEmergency;

    private static void Remember(ClaimsIdentity identity, AccessGrant grant) =>
        ByToken.AddOrUpdate(identity, new Known(grant, identity.HasClaim(PurposeClaim, PurposeOfUse.BreakTheGlass)));

    private static AccessGrant Make(ClaimsIdentity identity, SmartSettings settings)
    {
        // An issuer may write scope as one text (RFC 9068) or as a list, or as scp.
        var scope = string.Join(' ', identity.Claims.Where(c => c.Type is "scope" or "scp").Select(c => c.Value));
        var client = identity.FindFirst("client_id") ?? identity.FindFirst("azp");
        var grant = new AccessGrant(
            identity.FindFirst("sub")?.Value ?? client?.Value ?? "",
            client?.Value ?? "",
            Only(identity, "patient"),
            SmartScopes.Parse(scope).Rules)
        {
            User = UserReach.Of(Only(identity, "fhirUser"), settings.FhirBase, settings.UserAccess),
            Purposes = identity.HasClaim(claim => claim.Type == PurposeClaim) ? PurposesOfUse.Of(identity.FindAll(PurposeClaim).Select(claim => claim.Value)) : PurposesOfUse.Any,
        };
        return settings.Consents.Apply(grant, Only(identity, "fhirUser"), settings.FhirBase);
    }

    // Two patients are no context, and two users are nobody.
    private static string? Only(ClaimsIdentity identity, string claim) =>
        identity.FindAll(claim).Select(c => c.Value).Distinct().ToList() is [{ Length: > 0 } one] ? one : null;

    private sealed record Known(AccessGrant Grant, bool IsForEmergency);
}
