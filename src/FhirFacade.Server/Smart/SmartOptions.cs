namespace FhirFacade.Server.Smart;

/// <summary>The settings under <c>Smart</c>.</summary>
public sealed class SmartOptions
{
    /// <summary>
    /// A foreign OpenID Connect issuer whose tokens are accepted instead of the built-in ones (its URL, under which
    /// <c>/.well-known/openid-configuration</c> is found).
    /// </summary>
    public string? Authority { get; init; }

    /// <summary>How long an access token holds. Backend services get no more than five minutes (SMART App Launch 2.2, backend services).</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clients of the built-in token endpoint.</summary>
    public IReadOnlyList<SmartClientOptions> Clients { get; init; } = [];
}

/// <summary>One entry of <c>Smart:Clients</c>.</summary>
public sealed class SmartClientOptions
{
    /// <summary>The <c>client_id</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>The widest scope that it may be given, space separated.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Its public keys as the JSON text of a JWKS, or:</summary>
    public string? Jwks { get; init; }

    /// <summary>A file that holds the JWKS.</summary>
    public string? JwksFile { get; init; }
}
