using System.Collections.Immutable;

namespace FhirFacade.Fhir.Terminology;

/// <summary>What a code is in another system.</summary>
/// <param name="System">The other system; null where the map names none.</param>
/// <param name="Code">The code there.</param>
/// <param name="Display">Its name.</param>
/// <param name="Equivalence">A code of http://hl7.org/fhir/concept-map-equivalence.</param>
/// <param name="Map">The map that says so.</param>
public sealed record TranslationMatch(string? System, string Code, string? Display, string Equivalence, string Map);

/// <summary>translate (https://hl7.org/fhir/R4/conceptmap-operation-translate.html).</summary>
public static class ConceptTranslation
{
    private const int MaxMaps = 8;

    /// <summary>
    /// What a code becomes by a concept map; empty where the map does not say. Null where the map is not at hand.
    /// </summary>
    public static ImmutableArray<TranslationMatch>? Translate(this TerminologySet terminology, string conceptMap, string? system, string code)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.ConceptMap(conceptMap) is { } map ? [.. Translate(terminology, map, system, code, 0)] : null;
    }

    /// <summary>What a code becomes in a target system by any map at hand.</summary>
    public static ImmutableArray<TranslationMatch> TranslateTo(this TerminologySet terminology, string system, string code, string targetSystem)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return [.. terminology.ConceptMaps.SelectMany(map => Translate(terminology, map, system, code, 0)).Where(match => match.System == targetSystem).Distinct()];
    }

    private static IEnumerable<TranslationMatch> Translate(TerminologySet terminology, ConceptMap map, string? system, string code, int depth)
    {
        foreach (var group in map.Groups.Where(group => system is null || group.Source is null || group.Source == system))
        {
            if (group.Elements.TryGetValue(code, out var targets))
            {
                foreach (var target in targets.Where(target => target.Code is not null))
                {
                    yield return new(group.Target, target.Code!, target.Display, target.Equivalence, map.Url);
                }
            }
            else if (group.Unmapped is { } unmapped)
            {
                foreach (var match in Unmapped(terminology, map, group, unmapped, system, code, depth))
                {
                    yield return match;
                }
            }
        }
    }

    private static IEnumerable<TranslationMatch> Unmapped(
        TerminologySet terminology, ConceptMap map, ConceptMapGroup group, UnmappedRule rule, string? system, string code, int depth) => rule.Mode switch
    {
        "provided" => [new(group.Target, code, null, "equal", map.Url)],
        "fixed" when rule.Code is not null => [new(group.Target, rule.Code, rule.Display, "inexact", map.Url)],
        "other-map" when depth < MaxMaps && rule.Map is not null && terminology.ConceptMap(rule.Map) is { } other => Translate(terminology, other, system, code, depth + 1),
        _ => [],
    };
}
