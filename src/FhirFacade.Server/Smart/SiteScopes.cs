using System.Collections.Frozen;

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

    /// <summary>Every one.</summary>
    public static FrozenSet<string> All { get; } = new[] { Launch, Introspect, Review }.ToFrozenSet(StringComparer.Ordinal);
}
