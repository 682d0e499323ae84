using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>Sends the browser back to the app, with a code or an error. The issuer is always named (RFC 9207), so that an app with several is not mixed up.</summary>
public sealed record Redirection(string Url)
{
    /// <summary>An error.</summary>
    public static Redirection Of(SmartSettings settings, string redirectUri, string state, string error, string description) =>
        new(With(redirectUri, [new("error", error), new("error_description", description), new("state", state), new("iss", settings.Issuer)]));

    /// <summary>A code.</summary>
    public static Redirection Of(SmartSettings settings, AuthorizationRequest request, string code)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(With(request.RedirectUri, [new("code", code), new("state", request.State), new("iss", settings.Issuer)]));
    }

    /// <summary>See Other, never with the method or the body of the form that led here (RFC 9700 section 4.12).</summary>
    public Task WriteAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = Url;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }

    private static string With(string uri, IEnumerable<KeyValuePair<string, string>> parameters) =>
        uri + (uri.Contains('?', StringComparison.Ordinal) ? '&' : '?')
        + string.Join('&', parameters.Where(p => p.Value.Length > 0).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"));
}
