using FhirFacade.Server.Pages;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The page on which a person picks the patient whom the app is to see. Names travel in the body of forms only, never in an address.</summary>
internal static class PickerPage
{
    public static Task ShowAsync(HttpContext http, AuthorizeForms forms, AuthorizationRequest request, SmartClient client, Account account, string name, IReadOnlyList<PatientChoice> found) =>
        forms.ShowAsync(http, "Choose a patient", $"""
            <h1>Choose a patient</h1>
            <p class="lead">{client.Name} will see the records of one patient. You are signed in as {account.DisplayName}.</p>
            <form method="post" action="{forms.Action("/oauth/patients")}" role="search">
            {forms.Hidden(http, request)}
            {new Field("name", "Name") { Value = name, Hint = "The beginning of a given name or surname." }.ToHtml()}
            <p class="actions"><button class="quiet">Search</button></p>
            </form>
            <form method="post" action="{forms.Action("/oauth/patient")}">
            {forms.Hidden(http, request)}
            {(found.Count == 0 ? Html.Of($"<p class=\"notice\" role=\"status\">No patient was found.</p>") : List(found))}
            <p class="actions">{(found.Count == 0 ? Html.Empty : Html.Of($"<button>Continue</button> "))}<button class="quiet" name="cancel" value="1" formnovalidate>Cancel</button></p>
            </form>
            """, request.RedirectUri);

    private static Html List(IReadOnlyList<PatientChoice> found) => $"""
        <fieldset>
        <legend>{(found.Count == UserPatients.Most ? $"The first {UserPatients.Most} patients" : found.Count == 1 ? "One patient" : $"{found.Count} patients")}</legend>
        <ul class="choices">
        {found.Select(patient => Html.Of($"<li><label><input type=\"radio\" name=\"patient\" value=\"{patient.Id}\" required><span>{patient.Name}<span class=\"hint\">{patient.Details}</span></span></label></li>\n"))}
        </ul>
        </fieldset>
        """;
}
