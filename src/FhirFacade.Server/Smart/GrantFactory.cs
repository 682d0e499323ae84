using System.Runtime.CompilerServices;
using System.Security.Claims;
using FhirFacade.Fhir.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace FhirFacade.Server.Smart;

/// <summary>Turns the claims of a validated token into an <see cref="AccessGrant"/>: once a token, as long as it is remembered.</summary>
public static class GrantFactory
{
    private static readonly ConditionalWeakTable<ClaimsIdentity, AccessGrant> ByToken = [];

    /// <summary>The grant of the caller; <see cref="AccessGrant.Nothing"/> for one without a validated token.</summary>
    public static AccessGrant From(ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal.Identity is ClaimsIdentity { IsAuthenticated: true } identity && ByToken.TryGetValue(identity, out var grant)
            ? grant
            : AccessGrant.Nothing;
    }

    /// <summary>Makes the grant of a token that has passed, before anybody can ask for it.</summary>
    internal static Task AttachAsync(TokenValidatedContext context, SmartSettings settings)
    {
        if (context.Principal?.Identity is ClaimsIdentity identity)
        {
            ByToken.AddOrUpdate(identity, settings.Policies.Apply(Make(identity)));
        }
        return Task.CompletedTask;
    }

    /// <summary>The caller again whose token passed earlier, by what it said then and by the policies as they are now.</summary>
    internal static ClaimsPrincipal Restore(IEnumerable<Claim> claims, SmartSettings settings)
    {
        var identity = new ClaimsIdentity(claims, JwtBearerDefaults.AuthenticationScheme, "sub", null);
        ByToken.AddOrUpdate(identity, settings.Policies.Apply(Make(identity)));
        return new ClaimsPrincipal(identity);
    }

    private static AccessGrant Make(ClaimsIdentity identity)
    {
        // An issuer may write scope as one text (RFC 9068) or as a list, or as scp.
        var scope = string.Join(' ', identity.Claims.Where(c => c.Type is "scope" or "scp").Select(c => c.Value));
        var client = identity.FindFirst("client_id") ?? identity.FindFirst("azp");
        var patients = identity.FindAll("patient").Select(c => c.Value).Distinct().ToList();
        return new AccessGrant(
            identity.FindFirst("sub")?.Value ?? client?.Value ?? "",
            client?.Value ?? "",
            patients is [{ Length: > 0 } one] ? one : null,     // two patients are no context
            SmartScopes.Parse(scope).Rules);
    }
}
