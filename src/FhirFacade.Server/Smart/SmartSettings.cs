using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace FhirFacade.Server.Smart;

/// <summary>Who issues tokens, for whom, and under which addresses; read once at start-up.</summary>
/// <param name="PublicUrl">What clients see as the root of the server, without a final slash (<c>Http:PublicUrl</c>, else <c>Http:Url</c>).</param>
/// <param name="KeyDirectory">Where keys are kept (<c>DataDirectory</c>/keys).</param>
/// <param name="Demo">Opens the demo client and development tokens.</param>
/// <param name="Authority">A foreign OpenID Connect issuer that replaces the built-in one, or null (<c>Smart:Authority</c>).</param>
/// <param name="TokenLifetime">How long an access token holds (<c>Smart:TokenLifetime</c>, 5 minutes; backend services ask for no more).</param>
/// <param name="Clients">The registered clients (<c>Smart:Clients</c>), with the demo client under <paramref name="Demo"/>.</param>
public sealed record SmartSettings(
    string PublicUrl, string KeyDirectory, bool Demo, Uri? Authority, TimeSpan TokenLifetime, ImmutableArray<SmartClient> Clients)
{
    /// <summary>The FHIR base: the audience of every access token.</summary>
    public string FhirBase => PublicUrl + "/fhir";

    /// <summary>The issuer named in tokens of ours.</summary>
    public string Issuer => PublicUrl;

    /// <summary>Where clients get tokens: the audience of every client assertion.</summary>
    public string TokenEndpoint => PublicUrl + "/oauth/token";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting has an unusable value; the message names the setting.</exception>
    public static SmartSettings From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var url = configuration["Http:PublicUrl"] ?? configuration["Http:Url"] ?? "http://127.0.0.1:8080";
        var authority = configuration["Smart:Authority"] is { Length: > 0 } text
            ? Uri.TryCreate(text, UriKind.Absolute, out var uri)
                ? uri
                : throw new InvalidOperationException("Smart:Authority is no absolute URL")
            : null;
        var demo = configuration.GetValue("Demo", false);
        var clients = configuration.GetSection("Smart:Clients").GetChildren().Select(SmartClient.From);
        return new SmartSettings(
            url.TrimEnd('/'),
            Path.Combine(configuration["DataDirectory"] ?? "var", "keys"),
            demo,
            authority,
            configuration.GetValue("Smart:TokenLifetime", TimeSpan.FromMinutes(5)),
            [.. clients, .. demo ? [SmartClient.Demo] : Array.Empty<SmartClient>()]);
    }
}
