using FhirFacade.Server.Pages;
using FhirFacade.Server.Smart.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>What the forms of this room have in common: the sealed request, and a token without which no other site can send them.</summary>
public sealed class AuthorizeForms(PageLayout layout, PersonForms forms, SealedRequests requests)
{
    /// <summary>Shows a page of one card. A form on it may lead to the app.</summary>
    public Task ShowAsync(HttpContext http, string title, Html main, string? redirectUri, int status = StatusCodes.Status200OK) =>
        layout.WriteAsync(http, new Page(title, main) { IsCard = true, FormTargets = redirectUri is null ? [] : [OriginOf(redirectUri)] }, status);

    /// <summary>Where a form goes to.</summary>
    public string Action(string path) => layout.Root + path;

    /// <summary>The hidden fields of a form; the person has to be known by now, as the token is theirs alone.</summary>
    public Html Hidden(HttpContext http, AuthorizationRequest request) => $"""
        {forms.Hidden(http)}
        <input type="hidden" name="request" value="{requests.Seal(request)}">
        """;

    /// <summary>The form that was sent, with its request; null if another site sent it, or it is too old. Then the answer has been given.</summary>
    public async Task<(IFormCollection Form, AuthorizationRequest Request)?> ReadAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (await forms.ReadAsync(http) is { } form && requests.Open(form["request"].ToString()) is { } request)
        {
            return (form, request);
        }
        await ComplainAsync(http, "This page was open for too long, or was not sent from here. Go back to the app and start again.");
        return null;
    }

    /// <summary>An error that no app is told of.</summary>
    public Task ComplainAsync(HttpContext http, string text) =>
        ShowAsync(http, "This does not work", $"""
            <h1>This does not work</h1>
            <p class="notice bad" role="alert">{text}</p>
            """, null, StatusCodes.Status400BadRequest);

    // Browsers hold the redirect after a form against the policy, too. A scheme of a native app has no origin and stands for itself.
    private static string OriginOf(string redirectUri)
    {
        var uri = new Uri(redirectUri);
        return uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : uri.Scheme + ":";
    }
}
