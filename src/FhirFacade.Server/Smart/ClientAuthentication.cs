using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>Finds out which registered client a token request is from, by exactly one of the methods that are open.</summary>
public sealed class ClientAuthentication(SmartSettings settings, ClientAssertion assertions)
{
    private static readonly OAuthError Unknown = new("invalid_client", "the client is unknown or could not prove who it is");

    /// <summary>The client, or the error to answer with.</summary>
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
        var client = assertion.Length > 0 ? await ByAssertionAsync(form, assertion, request.HttpContext.RequestAborted)
            : authorization.Length > 0 ? ByBasic(authorization)
            : BySecret(form["client_id"].ToString(), secret);
        return client is null ? (null, Unknown) : (client, null);
    }

    private async Task<SmartClient?> ByAssertionAsync(IFormCollection form, string assertion, CancellationToken cancellationToken)
    {
        if (form["client_assertion_type"] != ClientAssertion.Type)
        {
            return null;
        }
        var client = await assertions.AuthenticateAsync(assertion, cancellationToken);
        var named = form["client_id"].ToString();
        return named.Length == 0 || named == client?.Id ? client : null;    // RFC 7521 section 4.2
    }

    /// <summary>RFC 6749 section 2.3.1: both parts are form-urlencoded before they are joined.</summary>
    private SmartClient? ByBasic(string authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
        {
            return null;
        }
        var parts = Encoding.UTF8.GetString(bytes[..length]).Split(':', 2);
        return parts.Length == 2 ? BySecret(Decode(parts[0]), Decode(parts[1])) : null;
    }

    private SmartClient? BySecret(string id, string secret)
    {
        var client = settings.Clients.FirstOrDefault(c => string.Equals(c.Id, id, StringComparison.Ordinal));
        return client?.HasSecret(secret) == true ? client : null;
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));
}
