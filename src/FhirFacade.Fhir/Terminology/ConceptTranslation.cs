using System.Collections.Immutable;

namespace FhirFacade.Fhir.Terminology;

/// <summary>What to translate.</summary>
/// <param name="System">The code's system; null where none is known.</param>
/// <param name="Code">The code.</param>
public sealed record TranslationRequest(string? System, string Code)
{
    /// <summary>Only codes of this system; null for any.</summary>
    public string? TargetSystem { get; init; }

    /// <summary>Only by maps from this value set; null for any.</summary>
    public string? Source { get; init; }

    /// <summary>Only by maps to this value set; null for any.</summary>
    public string? Target { get; init; }

    /// <summary>Whether to go against the direction of the maps: what becomes this code.</summary>
    public bool IsReverse { get; init; }

    /// <summary>What else is known, for mappings that depend on it.</summary>
    public ImmutableArray<MapDependency> Dependencies { get; init; } = [];
}

/// <summary>What a code is in another system.</summary>
/// <param name="System">The other system; null where the map names none.</param>
/// <param name="Code">The code there.</param>
/// <param name="Display">Its name.</param>
/// <param name="Equivalence">A code of http://hl7.org/fhir/concept-map-equivalence: what the other code is to this one.</param>
/// <param name="Map">The map that says so.</param>
public sealed record TranslationMatch(string? System, string Code, string? Display, string Equivalence, string Map)
{
    /// <summary>What else it becomes.</summary>
    public ImmutableArray<MapDependency> Products { get; init; } = [];

    /// <summary>Whether it says that the other code means something of the same.</summary>
    public bool IsMatch => Equivalence is not ("unmatched" or "disjoint");
}

/// <summary>translate (https://hl7.org/fhir/R4/conceptmap-operation-translate.html).</summary>
public static class ConceptTranslation
{
    /// <summary>
    /// What a code becomes by a concept map; empty where the map does not say. Null where the map is not at hand.
    /// </summary>
    public static ImmutableArray<TranslationMatch>? Translate(this TerminologySet terminology, string conceptMap, TranslationRequest request)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.ConceptMap(conceptMap) is { } map ? Distinct(new Walk(terminology, request).By(map)) : null;
    }

    /// <summary>What a code becomes by a concept map.</summary>
    public static ImmutableArray<TranslationMatch>? Translate(this TerminologySet terminology, string conceptMap, string? system, string code) =>
        Translate(terminology, conceptMap, new TranslationRequest(system, code));

    /// <summary>What a code becomes by any map at hand that fits the request.</summary>
    public static ImmutableArray<TranslationMatch> Translate(this TerminologySet terminology, TranslationRequest request)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        ArgumentNullException.ThrowIfNull(request);
        var (from, to) = request.IsReverse ? (request.Target, request.Source) : (request.Source, request.Target);
        return Distinct(terminology.ConceptMaps.Where(map => (from is null || map.Source == from) && (to is null || map.Target == to))
            .SelectMany(map => new Walk(terminology, request).By(map)));
    }

    /// <summary>What a code becomes in a target system by any map at hand.</summary>
    public static ImmutableArray<TranslationMatch> TranslateTo(this TerminologySet terminology, string system, string code, string targetSystem) =>
        Translate(terminology, new TranslationRequest(system, code) { TargetSystem = targetSystem });

    private static ImmutableArray<TranslationMatch> Distinct(IEnumerable<TranslationMatch> matches) =>
        [.. matches.DistinctBy(match => (match.System, match.Code, match.Equivalence, match.Map))];

    private sealed class Walk(TerminologySet terminology, TranslationRequest request)
    {
        // Maps lead to other maps, or in a circle: each is asked once.
        private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

        public IEnumerable<TranslationMatch> By(ConceptMap map) => !_asked.Add(map.Url) ? []
            : map.Groups.SelectMany(group => request.IsReverse ? Against(map, group) : Along(map, group)).Where(match => request.TargetSystem is null || match.System == request.TargetSystem);

        private IEnumerable<TranslationMatch> Along(ConceptMap map, ConceptMapGroup group)
        {
            if (request.System is not null && group.Source is not null && group.Source != request.System)
            {
                return [];
            }

            return group.Elements.TryGetValue(request.Code, out var targets)
                ? targets.Where(target => target.Code is not null && target.DependsOn.All(IsKnown))
                    .Select(target => new TranslationMatch(group.Target, target.Code!, target.Display, target.Equivalence, map.Url) { Products = target.Products })
                : group.Unmapped is { } unmapped ? Unmapped(map, group, unmapped) : [];
        }

        private IEnumerable<TranslationMatch> Against(ConceptMap map, ConceptMapGroup group)
        {
            if (request.System is not null && group.Target is not null && group.Target != request.System)
            {
                return [];
            }

            var matches = group.Elements.Order(ByCode).SelectMany(element => element.Value.Where(target => target.Code == request.Code)
                .Select(target => new TranslationMatch(group.Source, element.Key, DisplayOf(group.Source, element.Key), Inverse(target.Equivalence), map.Url)));
            return group.Unmapped is { Mode: "provided" } && !group.Elements.ContainsKey(request.Code)
                ? matches.Append(new(group.Source, request.Code, DisplayOf(group.Source, request.Code), "equal", map.Url))
                : matches;
        }

        private static readonly Comparer<KeyValuePair<string, ImmutableArray<MapTarget>>> ByCode =
            Comparer<KeyValuePair<string, ImmutableArray<MapTarget>>>.Create((one, other) => string.CompareOrdinal(one.Key, other.Key));

        private IEnumerable<TranslationMatch> Unmapped(ConceptMap map, ConceptMapGroup group, UnmappedRule rule) => rule.Mode switch
        {
            "provided" => [new(group.Target, request.Code, DisplayOf(group.Target, request.Code), "equal", map.Url)],
            "fixed" when rule.Code is not null => [new(group.Target, rule.Code, rule.Display, "inexact", map.Url)],
            "other-map" when rule.Map is not null && terminology.ConceptMap(rule.Map) is { } other => By(other),
            _ => [],
        };

        private bool IsKnown(MapDependency dependency) => request.Dependencies.Any(known =>
            known.Property == dependency.Property && known.Value == dependency.Value && (known.System is null || dependency.System is null || known.System == dependency.System));

        private string? DisplayOf(string? system, string code) => system is null ? null : terminology.CodeSystem(system)?.Find(code)?.Display;

        // http://hl7.org/fhir/concept-map-equivalence speaks of the target as seen from the source.
        private static string Inverse(string equivalence) => equivalence switch
        {
            "wider" => "narrower",
            "narrower" => "wider",
            "subsumes" => "specializes",
            "specializes" => "subsumes",
            _ => equivalence,
        };
    }
}
