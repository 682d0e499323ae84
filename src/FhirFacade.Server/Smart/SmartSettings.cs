using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Configuration;

namespace FhirFacade.Server.Smart;

/// <summary>Who issues tokens, for whom, and under which addresses; made once at start-up.</summary>
/// <param name="PublicUrl">What clients see as the root of the server, without a final slash.</param>
/// <param name="KeyDirectory">Where keys are kept: <c>keys</c> in the data directory.</param>
/// <param name="Demo">Opens the demo client and development tokens.</param>
/// <param name="Authority">A foreign OpenID Connect issuer that replaces the built-in one, or null.</param>
/// <param name="TokenLifetime">How long an access token holds.</param>
/// <param name="Clients">The registered clients, with the demo client under <paramref name="Demo"/>.</param>
public sealed record SmartSettings(
    string PublicUrl, string KeyDirectory, bool Demo, Uri? Authority, TimeSpan TokenLifetime, ImmutableArray<SmartClient> Clients)
{
    /// <summary>What the site takes away from the grants of clients.</summary>
    public ClientPolicies Policies { get; init; } = ClientPolicies.None;

    /// <summary>How far an emergency reaches.</summary>
    public BreakGlassOptions BreakGlass { get; init; } = new();

    /// <summary>Whether consents of patients are asked.</summary>
    public ConsentPolicy Consents { get; init; } = ConsentPolicy.Default;

    /// <summary>The FHIR base: the audience of every access token.</summary>
    public string FhirBase => PublicUrl + "/fhir";

    /// <summary>Where browsers are sent to sign in and to consent.</summary>
    public string AuthorizationEndpoint => PublicUrl + "/oauth/authorize";

    /// <summary>Where resource servers ask what a token is worth.</summary>
    public string IntrospectionEndpoint => PublicUrl + "/oauth/introspect";

    /// <summary>Where clients give tokens back.</summary>
    public string RevocationEndpoint => PublicUrl + "/oauth/revoke";

    /// <summary>Where people see the apps that they have let in, and end it.</summary>
    public string ManagementEndpoint => PublicUrl + "/account/apps";

    /// <summary>Where apps register themselves; null where none may.</summary>
    public string? RegistrationEndpoint => RegistrationScope is null ? null : PublicUrl + "/oauth/register";

    /// <summary>How long a refresh token holds that outlives the session.</summary>
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long a key signs.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Which patients a practitioner reaches by <c>user/</c> scopes.</summary>
    public UserRelation UserAccess { get; init; } = UserRelation.CareTeam;

    /// <summary>The widest scope of an app that registers itself; null: none may.</summary>
    public string? RegistrationScope { get; init; }

    /// <summary>What seals keys and second factors; default for the file in <see cref="KeyDirectory"/>.</summary>
    internal ImmutableArray<byte> SealingKey { get; init; }

    /// <summary>What encrypts data protection keys instead of <see cref="SealingKey"/>; null for that.</summary>
    public KeyCertificates? KeyCertificates { get; init; }

    /// <summary>Whether keys of clients may be fetched from private addresses.</summary>
    public bool AllowPrivateNetworks { get; init; }

    /// <summary>Whether browsers reach this server by TLS.</summary>
    public bool IsSecure => PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The issuer named in tokens of ours.</summary>
    public string Issuer => PublicUrl;

    /// <summary>Where clients get tokens: the audience of every client assertion.</summary>
    public string TokenEndpoint => PublicUrl + "/oauth/token";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartupException">A setting has an unusable value; the message names the setting.</exception>
    public static SmartSettings From(ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var smart = options.Smart;
        if (smart.TokenLifetime <= TimeSpan.Zero || smart.TokenLifetime > TimeSpan.FromHours(1))
        {
            throw new StartupException("Smart:TokenLifetime is not between a second and an hour");
        }
        if (smart.RefreshLifetime <= TimeSpan.Zero || smart.KeyLifetime < TimeSpan.FromHours(2))
        {
            throw new StartupException("Smart:RefreshLifetime is not positive, or Smart:KeyLifetime is less than two hours");
        }
        var clients = smart.Clients.Select((client, i) => SmartClient.From(client, $"Smart:Clients:{i}"));
        return new SmartSettings(
            (options.Http.PublicUrl ?? options.Http.Url).TrimEnd('/'),
            Path.Combine(options.DataPath, "keys"),
            options.Demo,
            Foreign(smart.Authority),
            smart.TokenLifetime,
            [.. clients, .. options.Demo ? [SmartClient.Demo, SmartClient.DemoApp] : Array.Empty<SmartClient>()])
        {
            RefreshLifetime = smart.RefreshLifetime,
            KeyLifetime = smart.KeyLifetime,
            UserAccess = smart.UserAccess ?? (options.Demo ? UserRelation.Everyone : UserRelation.CareTeam),
            RegistrationScope = smart.Registration ? smart.RegistrationScope : null,
            AllowPrivateNetworks = smart.AllowPrivateNetworks,
            Policies = ClientPolicies.From(options.Access),
            BreakGlass = Checked(options.Access.BreakGlass),

            Consents = ConsentPolicy.From(options.Access),
            SealingKey = smart.SealingKey is { } key ? Sealing(key) : default,
            KeyCertificates = KeyCertificates.From(smart.KeyCertificate),
        };
    }

    private static BreakGlassOptions Checked(BreakGlassOptions options) => options.Duration >= TimeSpan.FromMinutes(1) && options.Duration <= TimeSpan.FromDays(1)
        ? options
        : throw new StartupException("Access:BreakGlass:Duration is not between a minute and a day");

    private static ImmutableArray<byte> Sealing(string text)
    {
        var bytes = new byte[33];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == 32
            ? [.. bytes.AsSpan(0, 32)]
            : throw new StartupException("Smart:SealingKey is not 32 bytes in base64");
    }

    private static Uri? Foreign(string? authority)
    {
        if (string.IsNullOrEmpty(authority))
        {
            return null;
        }
        return Uri.TryCreate(authority, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
            ? uri
            : throw new StartupException("Smart:Authority is no https URL");
    }
}
