using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirFacade.Fhir.Access;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>
/// Parts of a kind of record that a person can allow instead of the whole: what US Core has every server offer as granular scopes of Condition and Observation.
/// </summary>
internal static class ScopeParts
{
    private const string UsCore = "http://hl7.org/fhir/us/core/CodeSystem/";
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    private static readonly FrozenDictionary<string, ImmutableArray<(string Category, string Words)>> Categories = new Dictionary<string, ImmutableArray<(string, string)>>
    {
        ["Condition"] =
        [
            (Terminology + "condition-category|encounter-diagnosis", "Diagnoses of visits"), (Terminology + "condition-category|problem-list-item", "The list of problems"),
            (UsCore + "condition-category|health-concern", "Health concerns"),
        ],
        ["Observation"] =
        [
            (UsCore + "us-core-category|clinical-test", "Clinical tests"), (Terminology + "observation-category|laboratory", "Laboratory results"),
            (Terminology + "observation-category|social-history", "Social history"), (UsCore + "us-core-category|sdoh", "Living conditions"),
            (Terminology + "observation-category|survey", "Surveys"), (Terminology + "observation-category|vital-signs", "Vital signs"),
        ],
    }.ToFrozenDictionary();

    /// <summary>The granular scopes below a scope of one type, each with what it is called; none where there are none, or where it is granular itself.</summary>
    public static IEnumerable<(string Scope, string Words)> Of(string scope) =>
        SmartScopes.Parse(scope).Rules is [{ Filter: null } rule] && Categories.TryGetValue(rule.ResourceType, out var parts)
            ? parts.Select(part => (SmartScopes.Parse($"{rule.ToScope()}?category={part.Category}").Rules[0].ToScope(), part.Words))
            : [];
}
