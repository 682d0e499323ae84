using System.Globalization;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Pages;
using FhirFacade.Server.Smart.Authorize;
using FhirFacade.Storage.Authorizations;

namespace FhirFacade.Server.Smart.Accounts;

/// <summary>What somebody allowed an app at one time, in words.</summary>
internal static class AllowedText
{
    private const int MostKinds = 6;

    /// <summary>Since when and until when, whose records, and what may be done with which kinds of them.</summary>
    public static Html Of(Authorization authorization, DateTimeOffset allowedAt, PatientChoice? patient, int days) => $"""
        <dl class="facts">
        <dt>Allowed</dt><dd>{Day(allowedAt)}{(authorization.Session is null ? $", until {Day(authorization.ExpiresAt)}" : ", until you sign out")}</dd>
        {(patient is null ? Html.Empty : Html.Of($"<dt>Patient</dt><dd>{patient.Name}<span class=\"hint\"> {patient.Details}</span></dd>"))}
        <dt>It may</dt><dd><ul>{Lines(authorization.Scope, days).Select(line => Html.Of($"<li>{line}</li>"))}</ul></dd>
        </dl>
        """;

    private static IEnumerable<string> Lines(string scope, int days)
    {
        var words = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var rules = words.Select(word => SmartScopes.Parse(word).Rules).Where(rules => rules.Length == 1).Select(rules => rules[0]);
        foreach (var group in rules.GroupBy(rule => (rule.Context, rule.Interactions)))
        {
            var kinds = group.Select(rule => ScopeWording.Kind(rule.ResourceType) + (rule.Filter is null ? "" : " (some)")).Distinct().ToList();
            var more = kinds.Count - MostKinds;
            var text = string.Join(", ", kinds.Take(MostKinds)) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more kinds of record") : "");
            yield return $"{ScopeWording.Actions(group.Key.Interactions)}: {text}{(group.Key.Context == AccessContext.User ? ", of every patient whom you may see" : "")}";
        }
        foreach (var text in words.Select(word => ScopeWording.Of(word, days)).OfType<string>().Distinct())
        {
            yield return text;
        }
    }

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
