using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Json;

/// <summary>FHIR has no null properties and nothing empty: an element that has nothing is not there.</summary>
internal static class NullFree
{
    /// <summary>A deep copy without null properties, null items, and objects and arrays left empty; null if nothing remains.</summary>
    /// <param name="node">What to copy.</param>
    /// <param name="isAligned">Whether the items of this array stand beside those of another (<c>given</c> and <c>_given</c>), so that gaps stay null.</param>
    public static JsonNode? Copy(JsonNode? node, bool isAligned = false) => node switch
    {
        null => null,
        JsonObject json => Copy(json),
        JsonArray json => Copy(json, isAligned),
        _ => node.DeepClone(),
    };

    private static JsonObject? Copy(JsonObject json)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in json)
        {
            if (Copy(value, isAligned: name is ['_', ..] || json["_" + name] is JsonArray) is { } kept)
            {
                copy[name] = kept;
            }
        }

        return copy.Count == 0 ? null : copy;
    }

    private static JsonArray? Copy(JsonArray json, bool isAligned)
    {
        var copy = new JsonArray();
        foreach (var item in json)
        {
            var kept = Copy(item);
            if (kept is not null || isAligned)
            {
                copy.Add(kept);
            }
        }

        return copy.Any(item => item is not null) ? copy : null;
    }
}
