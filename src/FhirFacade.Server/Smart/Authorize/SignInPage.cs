using FhirFacade.Server.Pages;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The page on which a person says who they are.</summary>
internal static class SignInPage
{
    /// <summary>What a person says who they are with.</summary>
    public static Html Fields => $"""
        {new Field("user", "User name") { Autocomplete = "username", IsRequired = true }.ToHtml()}
        {new Field("password", "Password") { Type = "password", Autocomplete = "current-password", IsRequired = true }.ToHtml()}
        {new Field("code", "One-time code") { Autocomplete = "one-time-code", Hint = "Only if you have set up an authenticator app." }.ToHtml()}
        """;

    /// <summary>Says that it did not work, and not why.</summary>
    public static Html Failure(bool hasFailed) => hasFailed
        ? Html.Of($"<p class=\"notice bad\" role=\"alert\">That did not work. The name, the password or the code is not right, or there were too many attempts: then wait a minute.</p>")
        : Html.Empty;

    /// <summary>Shows it, once more if the first attempt failed.</summary>
    public static Task ShowAsync(HttpContext http, AuthorizeForms forms, AuthorizationRequest request, SmartClient client, bool hasFailed) =>
        forms.ShowAsync(http, "Sign in", $"""
            <h1>Sign in</h1>
            <p class="lead">{client.Name} asks for access to health records.</p>
            {Failure(hasFailed)}
            <form method="post" action="{forms.Action("/oauth/sign-in")}">
            {forms.Hidden(http, request)}
            {Fields}
            <p class="actions"><button>Sign in</button> <button class="quiet" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """, request.RedirectUri, hasFailed ? StatusCodes.Status403Forbidden : StatusCodes.Status200OK);
}
