using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Pages;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The page on which somebody says why they need to see more than usual. The reason travels in the body of forms only.</summary>
internal static class BreakGlassPage
{
    /// <summary>Shows it, once more if what was said is no reason.</summary>
    public static Task ShowAsync(HttpContext http, AuthorizeForms forms, AuthorizationRequest request, SmartClient client, Account account, TimeSpan duration, bool hasFailed) =>
        forms.ShowAsync(http, "Emergency access", $"""
            <h1>Emergency access</h1>
            <p class="lead">{client.Name} asks to see records that you do not usually see. You are signed in as {account.DisplayName}.</p>
            <p class="notice" role="note">You will see the records of every patient for {(int)duration.TotalMinutes} minutes. Each access is written down, and somebody will look into it.</p>
            <form method="post" action="{forms.Action("/oauth/break-glass")}">
            {forms.Hidden(http, request)}
            {new Field("reason", "Reason") { IsRequired = true, Hint = "Why this cannot wait.", Error = hasFailed ? $"Say it in {Emergencies.ShortestReason} to {Emergencies.LongestReason} characters." : null }.ToHtml()}
            <p class="actions"><button>Continue</button> <button class="quiet" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """, request.RedirectUri, hasFailed ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK);
}
