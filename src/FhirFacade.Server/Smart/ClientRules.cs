using System.Text.RegularExpressions;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Outbound;
using FhirFacade.Storage.Clients;

namespace FhirFacade.Server.Smart;

/// <summary>What must hold of a client before it is registered, by the command line or by itself.</summary>
public static partial class ClientRules
{
    private static readonly string[] Words =
        ["openid", "fhirUser", "profile", "launch", "launch/patient", "launch/encounter", "online_access", "offline_access", .. SiteScopes.All];

    /// <summary>Each rule that the client breaks, in a sentence; none if it can be registered.</summary>
    public static IEnumerable<string> Broken(RegisteredClient client, bool allowPrivateNetworks)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!Id().IsMatch(client.Id))
        {
            yield return "the id is to be of 1 to 100 letters, digits and . _ -";
        }
        if (client.Name.Length is 0 or > 100 || client.Name.Any(char.IsControl))
        {
            yield return "the name is to be of 1 to 100 characters";
        }
        foreach (var uri in client.RedirectUris.Where(uri => !IsRedirectUri(uri)))
        {
            yield return "a redirect URI is to be absolute, without fragment, and https, http on this machine, or of a private-use scheme such as com.example.app:/callback";
        }
        var rules = SmartScopes.Parse(client.Scope);
        if (rules.Unknown.Any(word => !Words.Contains(word)) || client.Scope.Length == 0)
        {
            yield return "the scope is to be of SMART scopes, separated by spaces";
        }
        var needsUser = client.RedirectUris.IsEmpty && (rules.Rules.Any(r => r.Context != AccessContext.System) || ScopeCut.Has(client.Scope, "openid"));
        if (needsUser)
        {
            yield return "an app for people needs a redirect URI";
        }
        if (client.Kind == ClientKind.Public && (rules.Rules.Any(r => r.Context == AccessContext.System) || client.Scope.Split(' ').Any(SiteScopes.All.Contains)))
        {
            yield return "an app without secret or key cannot have system or site scopes";
        }
        if (client.Jwks is { } jwks && SmartClient.ReadKeys(jwks).IsEmpty)
        {
            yield return "the JWKS holds no RSA (2048 bits) or EC key";
        }
        if (client.JwksUrl is { } url && !OutboundHttp.MayCall(url, allowPrivateNetworks))
        {
            yield return "the address of the JWKS is to be https, on the open network";
        }
        if (client.LaunchUrl is { } launch && !IsRedirectUri(launch))
        {
            yield return "the launch URL is to be https, or http on this machine";
        }
    }

    private static bool IsRedirectUri(string text) =>
        text.Length <= 500 && !text.Any(c => c is <= ' ' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}' or '*' or ';' or ',' or > '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !text.Contains('#', StringComparison.Ordinal) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback) || PrivateUse().IsMatch(text));

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    // RFC 8252 section 7.1: a domain name of the app's own, in reverse.
    [GeneratedRegex(@"^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+:/", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PrivateUse();
}
