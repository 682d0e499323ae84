using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Definitions;

/// <summary>
/// value-sets.jsonl: <c>{"url":...,"systems":{system:[codes]}}</c> for each value set of a required binding whose codes
/// the package holds in full. Those that are open by nature (media types, UCUM) or kept elsewhere (currencies) are left out.
/// </summary>
internal static class ValueSetsFile
{
    private static readonly string[] Files = ["valuesets.json", "v2-tables.json", "v3-codesystems.json"];

    public static IEnumerable<string> Lines(IReadOnlyList<Structure> structures, string folder)
    {
        var valueSets = Files.SelectMany(file => BundleFile.Read(folder, file, "ValueSet")).DistinctBy(set => set.Text("url")).ToDictionary(set => set.Text("url")!, StringComparer.Ordinal);
        var codeSystems = Files.SelectMany(file => BundleFile.Read(folder, file, "CodeSystem")).DistinctBy(system => system.Text("url")).ToDictionary(system => system.Text("url")!, StringComparer.Ordinal);
        var required = structures.SelectMany(structure => structure.Elements)
            .Where(element => element.TryGetProperty("binding", out var binding) && binding.Text("strength") == "required")
            .Select(element => element.GetProperty("binding").Text("valueSet"))
            .OfType<string>().Select(JsonReading.WithoutVersion).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var url in required)
        {
            if (valueSets.TryGetValue(url, out var valueSet) && Codes(valueSet, codeSystems) is { } systems)
            {
                yield return new JsonObject { ["url"] = url, ["systems"] = systems }.ToJsonString(JsonLine.Options);
            }
        }
    }

    private static JsonObject? Codes(JsonElement valueSet, Dictionary<string, JsonElement> codeSystems)
    {
        var compose = valueSet.GetProperty("compose");
        if (compose.TryGetProperty("exclude", out _))
        {
            return null;
        }

        var result = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var include in compose.Items("include"))
        {
            if (include.Text("system") is not { } system || include.TryGetProperty("filter", out _) || include.TryGetProperty("valueSet", out _))
            {
                return null;
            }

            if (!result.TryGetValue(system, out var codes))
            {
                result[system] = codes = new(StringComparer.Ordinal);
            }

            if (include.TryGetProperty("concept", out _))
            {
                codes.UnionWith(include.Items("concept").Select(concept => concept.Text("code")!));
            }
            else if (codeSystems.TryGetValue(system, out var definition) && definition.Text("content") == "complete")
            {
                codes.UnionWith(Concepts(definition));
            }
            else
            {
                return null;
            }
        }

        return new JsonObject(result.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.Select(code => JsonValue.Create(code))]))));
    }

    private static IEnumerable<string> Concepts(JsonElement parent) =>
        parent.Items("concept").SelectMany(concept => Concepts(concept).Prepend(concept.Text("code")!));
}
