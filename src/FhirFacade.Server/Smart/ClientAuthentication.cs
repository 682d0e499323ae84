using System.Net.Http.Headers;
using System.Text;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>Finds out which registered client a token request is from, by exactly one of the methods that are open.</summary>
public sealed class ClientAuthentication(ClientCatalog clients, ClientAssertion assertions)
{
    private static readonly OAuthError Unknown = new("invalid_client", "the client is unknown or could not prove who it is");

    /// <summary>The client, or the error to answer with. A public client has nothing to prove itself with: it only says who it is.</summary>
    public async Task<(SmartClient? Client, OAuthError? Error)> AuthenticateAsync(HttpRequest request, IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(form);
        var assertion = form["client_assertion"].ToString();
        var secret = form["client_secret"].ToString();
        var authorization = request.Headers.Authorization.ToString();
        if (new[] { assertion, secret, authorization }.Count(s => s.Length > 0) > 1)
        {
            return (null, new OAuthError("invalid_request", "the client is to authenticate in one way only"));
        }
        if (assertion.Length > 0 && form["client_assertion_type"] != ClientAssertion.Type)
        {
            return (null, new OAuthError("invalid_request", "client_assertion_type is not one that is known here"));
        }
        var cancellationToken = request.HttpContext.RequestAborted;
        var client = assertion.Length > 0 ? await ByAssertionAsync(form, assertion, cancellationToken)
            : authorization.Length > 0 ? await ByBasicAsync(authorization, form["client_id"].ToString(), cancellationToken)
            : secret.Length > 0 ? await BySecretAsync(form["client_id"].ToString(), secret, cancellationToken)
            : await clients.FindAsync(form["client_id"], cancellationToken) is { Kind: ClientKind.Public } open ? open : null;
        return client is null ? (null, Unknown) : (client, null);
    }

    private async Task<SmartClient?> ByAssertionAsync(IFormCollection form, string assertion, CancellationToken cancellationToken)
    {
        var client = await assertions.AuthenticateAsync(assertion, cancellationToken);
        var named = form["client_id"].ToString();
        return named.Length == 0 || named == client?.Id ? client : null;    // RFC 7521 section 4.2
    }

    /// <summary>RFC 6749 section 2.3.1: both parts are form-urlencoded before they are joined.</summary>
    private async Task<SmartClient?> ByBasicAsync(string authorization, string named, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var bytes = new byte[512];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
        {
            return null;
        }
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts.Length == 2 && (named.Length == 0 || named == Decode(parts[0])) ? await BySecretAsync(Decode(parts[0]), Decode(parts[1]), cancellationToken) : null;
    }

    private async Task<SmartClient?> BySecretAsync(string id, string secret, CancellationToken cancellationToken)
    {
        var client = await clients.FindAsync(id, cancellationToken);
        return client?.HasSecret(secret) == true ? client : null;
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
