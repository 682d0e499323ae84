using System.Collections.Frozen;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;

namespace FhirFacade.Fhir.Terminology;

/// <summary>
/// The code systems, value sets and concept maps that are at hand. What is asked of one that is not at hand is answered with
/// null: it cannot be decided. Immutable; safe for any number of threads.
/// </summary>
public sealed class TerminologySet
{
    private static readonly Lazy<TerminologySet> Loaded = new(() => new TerminologySet(
        TerminologyFile.Index("code-systems.jsonl", Terminology.CodeSystem.Read),
        TerminologyFile.Index("value-set-definitions.jsonl", Terminology.ValueSet.Read),
        TerminologyFile.Index("concept-maps.jsonl", Terminology.ConceptMap.Read),
        [GrammarCodeSystem.MediaTypes, GrammarCodeSystem.Languages, new UcumCodeSystem()]));

    private readonly TerminologySet? _below;
    private readonly FrozenDictionary<string, Lazy<CodeSystem?>> _codeSystems;
    private readonly FrozenDictionary<string, Lazy<ValueSet?>> _valueSets;
    private readonly FrozenDictionary<string, Lazy<ConceptMap?>> _conceptMaps;
    private readonly FrozenDictionary<string, ICodeSystem> _plugged;

    private TerminologySet(
        IEnumerable<KeyValuePair<string, Lazy<CodeSystem?>>> codeSystems,
        IEnumerable<KeyValuePair<string, Lazy<ValueSet?>>> valueSets,
        IEnumerable<KeyValuePair<string, Lazy<ConceptMap?>>> conceptMaps,
        IEnumerable<ICodeSystem> plugged,
        TerminologySet? below = null)
    {
        _below = below;
        _codeSystems = Last(codeSystems);
        _valueSets = Last(valueSets);
        _conceptMaps = Last(conceptMaps);
        _plugged = Last(plugged.Select(system => KeyValuePair.Create(system.Url, system)));
    }

    /// <summary>What R4 brings: its own code systems, the tables of v2 and of v3, its value sets and concept maps.</summary>
    public static TerminologySet R4 => Loaded.Value;

    /// <summary>This set and what packages bring; where both define the same url, the package's counts.</summary>
    public TerminologySet With(params IEnumerable<Package> packages)
    {
        var list = packages.ToList();
        return new TerminologySet(
            Ready(list.SelectMany(package => package.CodeSystems), system => JsonReading.WithoutVersion(system.Url)),
            Ready(list.SelectMany(package => package.ValueSets), set => set.Url),
            Ready(list.SelectMany(package => package.ConceptMaps), map => map.Url),
            [],
            this);
    }

    /// <summary>This set and code systems that are kept elsewhere; they answer before those listed here.</summary>
    public TerminologySet With(params IEnumerable<ICodeSystem> systems) => new([], [], [], systems, this);

    /// <summary>The code system of a canonical url; null where it is not at hand.</summary>
    public ICodeSystem? CodeSystem(string url)
    {
        var plain = JsonReading.WithoutVersion(url);
        return _plugged.TryGetValue(plain, out var plugged) ? plugged
            : _codeSystems.TryGetValue(plain, out var listed) ? listed.Value
            : _below?.CodeSystem(plain);
    }

    /// <summary>The value set of a canonical url; null where it is not at hand.</summary>
    public ValueSet? ValueSet(string url)
    {
        var plain = JsonReading.WithoutVersion(url);
        return _valueSets.TryGetValue(plain, out var set) ? set.Value : _below?.ValueSet(plain);
    }

    /// <summary>The concept map of a canonical url; null where it is not at hand.</summary>
    public ConceptMap? ConceptMap(string url)
    {
        var plain = JsonReading.WithoutVersion(url);
        return _conceptMaps.TryGetValue(plain, out var map) ? map.Value : _below?.ConceptMap(plain);
    }

    /// <summary>The urls of all value sets, code systems and concept maps that are at hand.</summary>
    public IEnumerable<string> Urls => _codeSystems.Keys.Concat(_plugged.Keys).Concat(_valueSets.Keys).Concat(_conceptMaps.Keys).Concat(_below?.Urls ?? []).Distinct(StringComparer.Ordinal);

    internal IEnumerable<ConceptMap> ConceptMaps => _conceptMaps.Values.Select(map => map.Value).OfType<ConceptMap>().Concat(_below?.ConceptMaps ?? []);

    private static IEnumerable<KeyValuePair<string, Lazy<T?>>> Ready<T>(IEnumerable<T> items, Func<T, string> url) =>
        items.Select(item => KeyValuePair.Create(url(item), new Lazy<T?>(item)));

    private static FrozenDictionary<string, T> Last<T>(IEnumerable<KeyValuePair<string, T>> pairs)
    {
        var result = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (url, item) in pairs)
        {
            result[url] = item;
        }

        return result.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
