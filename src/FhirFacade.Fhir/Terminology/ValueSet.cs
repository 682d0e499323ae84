using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>A value set by its definition: the ValueSet resource, without its prose.</summary>
/// <param name="Url">Canonical url, without a version.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="Includes">What it is made of: the union of these.</param>
/// <param name="Excludes">What is taken away again.</param>
public sealed record ValueSet(string Url, string? Version, ImmutableArray<ValueSetPart> Includes, ImmutableArray<ValueSetPart> Excludes)
{
    /// <summary>Whether concepts that are no longer for use are left out (ValueSet.compose.inactive is false).</summary>
    public bool ActiveOnly { get; init; }

    /// <summary>
    /// Reads a ValueSet resource; null where it has no url. One without a definition is known by its expansion, if that is
    /// complete.
    /// </summary>
    public static ValueSet? Read(JsonElement resource)
    {
        if (resource.Text("url") is not { Length: > 0 } url)
        {
            return null;
        }

        var compose = resource.Part("compose");
        return new ValueSet(
            JsonReading.WithoutVersion(url),
            resource.Text("version"),
            compose.ValueKind == JsonValueKind.Object ? [.. compose.Items("include").Select(ValueSetPart.Read)] : [.. ValueSetPart.OfExpansion(resource.Part("expansion"))],
            [.. compose.Items("exclude").Select(ValueSetPart.Read)])
        {
            ActiveOnly = compose.Part("inactive").ValueKind == JsonValueKind.False,
        };
    }
}

/// <summary>ValueSet.compose.include or exclude: codes that fulfil all that is said here.</summary>
/// <param name="System">The code system; null where only other value sets are named.</param>
/// <param name="Codes">The codes that are meant, with the display that the value set gives them; empty for all of the system.</param>
/// <param name="Filters">What the system's codes must fulfil.</param>
/// <param name="ValueSets">Value sets that must contain the code, each.</param>
public sealed record ValueSetPart(
    string? System, FrozenDictionary<string, string?> Codes, ImmutableArray<ConceptFilter> Filters, ImmutableArray<string> ValueSets)
{
    /// <summary>The codes in the order of the definition.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    internal static ValueSetPart Read(JsonElement json) => Of(
        json.Text("system") is { } system ? JsonReading.WithoutVersion(system) : null,
        json.Items("concept"),
        [.. json.Items("filter").Select(filter => new ConceptFilter(filter.Text("property") ?? "", filter.Text("op") ?? "", filter.Text("value") ?? ""))],
        [.. json.Texts("valueSet").Select(JsonReading.WithoutVersion)]);

    internal static IEnumerable<ValueSetPart> OfExpansion(JsonElement expansion)
    {
        var contains = Flat(expansion.Items("contains"), 0).ToList();
        return expansion.Number("total") is { } total && total > contains.Count
            ? []
            : contains.GroupBy(item => item.Text("system")).Select(group => Of(group.Key, group, [], []));
    }

    private static IEnumerable<JsonElement> Flat(IEnumerable<JsonElement> contains, int depth) =>
        depth > 20 ? [] : contains.SelectMany(item => Flat(item.Items("contains"), depth + 1).Prepend(item)).Where(item => !item.Flag("abstract"));

    private static ValueSetPart Of(string? system, IEnumerable<JsonElement> concepts, ImmutableArray<ConceptFilter> filters, ImmutableArray<string> valueSets)
    {
        var named = concepts.Where(concept => concept.Text("code") is not null).DistinctBy(concept => concept.Text("code"), StringComparer.Ordinal).ToList();
        return new(system, named.ToFrozenDictionary(concept => concept.Text("code")!, concept => concept.Text("display"), StringComparer.Ordinal), filters, valueSets)
        {
            Order = [.. named.Select(concept => concept.Text("code")!)],
        };
    }
}
