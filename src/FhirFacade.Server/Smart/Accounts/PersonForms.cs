using FhirFacade.Server.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>Forms that only the page they are on can send: a token in the form goes with a cookie of the browser and with the person who has signed in.</summary>
public sealed class PersonForms(IAntiforgery antiforgery)
{
    private const int LargestForm = 64 * 1024;

    /// <summary>The hidden field; the person has to be known by now, as the token is theirs alone.</summary>
    public Html Hidden(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.Headers.CacheControl = default;   // the framework sets one of its own and complains of any other; the page has the last word
        var tokens = antiforgery.GetAndStoreTokens(http);
        return $"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""";
    }

    /// <summary>The form that was sent; null if it is none of this server's, or was not made for this person and browser.</summary>
    public async Task<IFormCollection?> ReadAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var (form, _) = await OAuthForm.ReadAsync(http, LargestForm, repeated: true);
        return form is not null && await antiforgery.IsRequestValidAsync(http) ? form : null;
    }
}
