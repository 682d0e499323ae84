using FhirFacade.Fhir.Access;

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

    /// <summary>How long a refresh token holds that outlives the session (<c>offline_access</c>), counted from the consent.</summary>
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a key signs before another takes its place.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Which patients a practitioner sees through <c>user/</c> scopes; without it those they care for, in the demo all.</summary>
    public UserRelation? UserAccess { get; init; }

    /// <summary>
    /// The key (32 bytes, base64) that seals what is kept and has to be read again: signing keys, second factors, data protection keys. Also as
    /// <c>Smart:SealingKey:File</c>. Unset: <c>keys/sealing.key</c> in the data directory, which is made.
    /// </summary>
    public string? SealingKey { get; init; }

    /// <summary>A certificate that encrypts data protection keys where they are kept, instead of <see cref="SealingKey"/>.</summary>
    public KeyCertificateOptions KeyCertificate { get; init; } = new();

    /// <summary>Whether apps may register themselves (RFC 7591).</summary>
    public bool Registration { get; init; }

    /// <summary>The widest scope of an app that registered itself.</summary>
    public string RegistrationScope { get; init; } = "openid fhirUser profile launch launch/patient launch/encounter online_access offline_access patient/*.rs";

    /// <summary>Whether keys of clients may be fetched from private addresses and without TLS. For networks of trust only.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>The clients of the built-in token endpoint that are kept in the settings; others are registered by <c>fhirfacade client</c>.</summary>
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
