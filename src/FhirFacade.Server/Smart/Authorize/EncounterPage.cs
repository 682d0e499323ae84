using FhirFacade.Server.Pages;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The page on which a person picks the visit that the app is to be opened on, or none.</summary>
internal static class EncounterPage
{
    public static Task ShowAsync(HttpContext http, AuthorizeForms forms, AuthorizationRequest request, SmartClient client, PatientChoice? patient, IReadOnlyList<EncounterChoice> found) =>
        forms.ShowAsync(http, "Choose a visit", $"""
            <h1>Choose a visit</h1>
            <p class="lead">{client.Name} wants to know which visit or stay this is about.</p>
            {(patient is null ? Html.Empty : Html.Of($"<dl class=\"facts\"><dt>Patient</dt><dd>{patient.Name}<span class=\"hint\"> {patient.Details}</span></dd></dl>"))}
            <form method="post" action="{forms.Action("/oauth/encounter")}">
            {forms.Hidden(http, request)}
            <fieldset>
            <legend>{(found.Count == UserEncounters.Most ? $"The latest {UserEncounters.Most} visits" : found.Count == 1 ? "One visit" : $"{found.Count} visits")}</legend>
            <ul class="choices">
            {found.Select(visit => Html.Of($"<li><label><input type=\"radio\" name=\"encounter\" value=\"{visit.Id}\" required><span>{visit.When}<span class=\"hint\">{visit.Details}</span></span></label></li>\n"))}
            <li><label><input type="radio" name="encounter" value="" required><span>None of these<span class="hint">The app is not told of any visit.</span></span></label></li>
            </ul>
            </fieldset>
            <p class="actions"><button>Continue</button> <button class="quiet" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """, request.RedirectUri);
}
