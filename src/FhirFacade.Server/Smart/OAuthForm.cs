using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FhirFacade.Server.Smart;

/// <summary>Reads the forms that clients and browsers send to the authorisation server.</summary>
internal static class OAuthForm
{
    private const int LargestBody = 32 * 1024;

    /// <summary>The form, or why there is none. A parameter may be there once only (RFC 6749 section 3.2), unless <paramref name="repeated"/>.</summary>
    public static async Task<(IFormCollection? Form, OAuthError? Error)> ReadAsync(HttpContext http, int largest = LargestBody, bool repeated = false)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = largest;
        }
        if (!http.Request.HasFormContentType)
        {
            return (null, new OAuthError("invalid_request", "the body is to be application/x-www-form-urlencoded"));
        }
        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { ValueCountLimit = repeated ? 300 : 32, KeyLengthLimit = 64 }, http.RequestAborted);
            return !repeated && form.Any(f => f.Value.Count > 1) ? (null, new OAuthError("invalid_request", "a parameter is given twice"))
                : form.Any(f => f.Value.ToString().Contains('\0', StringComparison.Ordinal)) ? (null, new OAuthError("invalid_request", "a value has a character that cannot be stored"))
                : (form, null);
        }
        catch (InvalidDataException)
        {
            return (null, new OAuthError("invalid_request", "the body cannot be read as a form"));
        }
        catch (BadHttpRequestException)
        {
            return (null, new OAuthError("invalid_request", "the body cannot be read, or is too long"));
        }
    }
}
