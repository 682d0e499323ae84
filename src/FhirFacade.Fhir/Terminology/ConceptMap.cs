using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>A map between codes: the ConceptMap resource, without its prose.</summary>
/// <param name="Url">Canonical url, without a version.</param>
/// <param name="Version">Its version; null where it has none.</param>
/// <param name="Source">The value set that it maps from; null where none is named.</param>
/// <param name="Target">The value set that it maps to; null where none is named.</param>
/// <param name="Groups">The maps, one a pair of code systems.</param>
public sealed record ConceptMap(string Url, string? Version, string? Source, string? Target, ImmutableArray<ConceptMapGroup> Groups)
{
    /// <summary>Reads a ConceptMap resource; null where it has no url.</summary>
    public static ConceptMap? Read(JsonElement resource) => resource.Text("url") is { Length: > 0 } url
        ? new ConceptMap(
            JsonReading.WithoutVersion(url),
            resource.Text("version"),
            Canonical(resource, "sourceCanonical", "sourceUri"),
            Canonical(resource, "targetCanonical", "targetUri"),
            [.. resource.Items("group").Select(ConceptMapGroup.Read)])
        : null;

    private static string? Canonical(JsonElement resource, string name, string other) =>
        (resource.Text(name) ?? resource.Text(other)) is { } url ? JsonReading.WithoutVersion(url) : null;
}

/// <summary>Mappings from one code system to another.</summary>
/// <param name="Source">The system of the codes that are mapped.</param>
/// <param name="Target">The system of what they become.</param>
/// <param name="Elements">What each code becomes.</param>
/// <param name="Unmapped">What becomes of other codes; null where nothing is said.</param>
public sealed record ConceptMapGroup(
    string? Source, string? Target, ImmutableDictionary<string, ImmutableArray<MapTarget>> Elements, UnmappedRule? Unmapped)
{
    internal static ConceptMapGroup Read(JsonElement group) => new(
        group.Text("source"),
        group.Text("target"),
        group.Items("element").Where(element => element.Text("code") is not null).GroupBy(element => element.Text("code")!, StringComparer.Ordinal)
            .ToImmutableDictionary(element => element.Key, element => element.SelectMany(one => one.Items("target")).Select(ReadTarget).ToImmutableArray(), StringComparer.Ordinal),
        group.Part("unmapped") is { ValueKind: JsonValueKind.Object } unmapped
            ? new UnmappedRule(unmapped.Text("mode") ?? "", unmapped.Text("code"), unmapped.Text("display"), unmapped.Text("url"))
            : null);

    private static MapTarget ReadTarget(JsonElement target) => new(target.Text("code"), target.Text("display"), target.Text("equivalence") ?? "equivalent")
    {
        DependsOn = [.. target.Items("dependsOn").Select(MapDependency.Read)],
        Products = [.. target.Items("product").Select(MapDependency.Read)],
    };
}

/// <summary>What a code becomes.</summary>
/// <param name="Code">The code; null where there is none.</param>
/// <param name="Display">Its name.</param>
/// <param name="Equivalence">A code of http://hl7.org/fhir/concept-map-equivalence.</param>
public sealed record MapTarget(string? Code, string? Display, string Equivalence)
{
    /// <summary>What else must be so that it becomes this.</summary>
    public ImmutableArray<MapDependency> DependsOn { get; init; } = [];

    /// <summary>What else it becomes.</summary>
    public ImmutableArray<MapDependency> Products { get; init; } = [];
}

/// <summary>ConceptMap.group.element.target.dependsOn and product.</summary>
/// <param name="Property">The element or property that it is about.</param>
/// <param name="System">The system of the value; null where it is no code.</param>
/// <param name="Value">The value.</param>
public sealed record MapDependency(string Property, string? System, string Value)
{
    internal static MapDependency Read(JsonElement json) => new(json.Text("property") ?? "", json.Text("system"), json.Text("value") ?? "");
}

/// <summary>ConceptMap.group.unmapped.</summary>
/// <param name="Mode"><c>provided</c>, <c>fixed</c> or <c>other-map</c>.</param>
/// <param name="Code">The fixed code.</param>
/// <param name="Display">Its name.</param>
/// <param name="Map">The other map.</param>
public sealed record UnmappedRule(string Mode, string? Code, string? Display, string? Map);
