using System.Collections.Frozen;
using System.Security.Claims;

namespace FhirFacade.Server.Smart;

/// <summary>Scopes of this server's own, for systems that the site trusts.</summary>
public static class SiteScopes
{
    /// <summary>May open apps for its users (EHR launch).</summary>
    public const string Launch = "site/launch";

    /// <summary>May ask about the tokens of all clients (RFC 7662).</summary>
    public const string Introspect = "site/introspect";

    /// <summary>May look into who saw more than usual in an emergency.</summary>
    public const string Review = "site/review";

    /// <summary>May change people, clients and keys, and look at the journal (<c>/admin</c>).</summary>
    public const string Admin = "site/admin";

    /// <summary>Every one.</summary>
    public static FrozenSet<string> All { get; } = new[] { Launch, Introspect, Review, Admin }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the caller's token holds the scope.</summary>
    public static bool Opens(ClaimsPrincipal caller, string scope)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.FindAll("scope").Any(claim => ScopeCut.Has(claim.Value, scope));
    }

    /// <summary>Whether it does, and is of a client that acts for itself: not of a person who allowed an app something.</summary>
    public static bool OpensForItself(ClaimsPrincipal caller, string scope) =>
        Opens(caller, scope) && !caller.HasClaim(claim => claim.Type == RevokedTokens.AuthorizationClaim) && caller.FindFirst("sub")?.Value is { Length: > 0 } subject && subject == caller.FindFirst("client_id")?.Value;
}
