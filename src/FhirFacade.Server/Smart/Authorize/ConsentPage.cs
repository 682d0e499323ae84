using FhirFacade.Fhir.Access;
using FhirFacade.Server.Pages;
using FhirFacade.Storage.Accounts;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>The page on which a person allows an app each thing that it asks for, or does not.</summary>
internal static class ConsentPage
{
    /// <summary>The value that stands for all kinds of record which are not listed one by one.</summary>
    public const string OtherKinds = "other ";

    /// <param name="offered">The scopes that may be given.</param>
    /// <param name="before">What the person was asked last time, and what they allowed; null for the first time. What they withheld is not ticked now.</param>
    /// <param name="patient">The patient in context.</param>
    /// <param name="visit">The encounter in context.</param>
    public static Task ShowAsync(HttpContext http, AuthorizeForms forms, AuthorizationRequest request, SmartClient client, Account account, string offered, (string Offered, string Allowed)? before, PatientChoice? patient, EncounterChoice? visit, int days)
    {
        var words = offered.Split(' ');
        var records = words.Where(w => SmartScopes.Parse(w).Rules.Length == 1).ToList();
        var others = words.Select(w => (Word: w, Text: ScopeWording.Of(w, days))).Where(w => w.Text is not null)
            .GroupBy(w => w.Text!).Select(group => (Text: group.Key, Words: string.Join(' ', group.Select(g => g.Word)))).ToList();
        return forms.ShowAsync(http, "Allow access", $"""
            <h1>Allow {client.Name}?</h1>
            <p class="lead">You are signed in as {account.DisplayName}. Untick what you do not want to allow.</p>
            {(patient is null ? Html.Empty : Html.Of($"<dl class=\"facts\"><dt>Patient</dt><dd>{patient.Name}<span class=\"hint\"> {patient.Details}</span></dd>{(visit is null ? Html.Empty : Html.Of($"<dt>Visit</dt><dd>{visit.When}<span class=\"hint\"> {visit.Details}</span></dd>"))}</dl>"))}
            <form method="post" action="{forms.Action("/oauth/consent")}">
            {forms.Hidden(http, request)}
            {records.Select(word => Records(word, before))}
            {(others.Count == 0 ? Html.Empty : Html.Of($"<fieldset><legend>The app may also</legend><ul class=\"choices\">{others.Select(other => Choice(other.Words, other.Text, other.Words, IsTicked(other.Words, before)))}</ul></fieldset>"))}
            <p class="actions"><button name="decision" value="allow">Allow</button> <button class="quiet" name="decision" value="deny">Do not allow</button></p>
            </form>
            """, request.RedirectUri);
    }

    private static Html Records(string word, (string Offered, string Allowed)? before)
    {
        var rule = SmartScopes.Parse(word).Rules[0];
        var whose = rule.Context == AccessContext.Patient ? "of this patient" : "of every patient whom you may see";
        if (rule.ResourceType != AccessRule.AnyType)
        {
            return $"""
                <fieldset><legend>{Capital(ScopeWording.Actions(rule.Interactions))} {whose}</legend><ul class="choices">
                {Choice(word, ScopeWording.Kind(rule.ResourceType), rule.Filter is null ? word : $"only those with {Uri.UnescapeDataString(rule.Filter)}", IsTicked(word, before))}
                {Parts(word, before)}
                </ul></fieldset>
                """;
        }
        return $"""
            <fieldset><legend>{Capital(ScopeWording.Actions(rule.Interactions))} {whose}</legend><ul class="choices">
            {ScopeWording.Kinds.Select(kind => (kind.Words, kind.Type, Scope: (rule with { ResourceType = kind.Type }).ToScope())).Select(kind => Html.Of($"{Choice(kind.Scope, kind.Words, kind.Type, IsTicked(kind.Scope, before))}{Parts(kind.Scope, before)}"))}
            {Choice(OtherKinds + word, "All other kinds of record", $"{ScopeWording.Others.Length} more kinds", IsTicked((rule with { ResourceType = ScopeWording.Others[0] }).ToScope(), before))}
            </ul></fieldset>
            """;
    }

    // Instead of the whole kind: ticked only where that is what was allowed last time.
    private static Html Parts(string word, (string Offered, string Allowed)? before) => $"""
        {ScopeParts.Of(word).Select(part => Choice(part.Scope, "Only: " + part.Words, "counts if the kind as a whole is not ticked", !IsTicked(word, before) && before is var (_, allowed) && ScopeCut.Covers(allowed, part.Scope)))}
        """;

    private static Html Choice(string value, string text, string hint, bool isTicked) =>
        $"""<li><label><input type="checkbox" name="scope" value="{value}"{(isTicked ? Html.Of($" checked") : Html.Empty)}><span>{text}<span class="hint">{hint}</span></span></label></li>""";

    private static bool IsTicked(string words, (string Offered, string Allowed)? before) =>
        before is not var (offered, allowed) || !ScopeCut.Covers(offered, words) || ScopeCut.Covers(allowed, words);

    private static string Capital(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
