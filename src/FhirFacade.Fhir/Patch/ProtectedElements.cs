using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>
/// What no patch changes (https://hl7.org/fhir/R4/http.html#patch): a patch that changes resourceType or id is refused;
/// meta.versionId and meta.lastUpdated, which the server writes, are put back without a word.
/// </summary>
internal static class ProtectedElements
{
    private static readonly string[] Identity = ["resourceType", "id"];
    private static readonly string[] Stamp = ["versionId", "lastUpdated"];

    public static PatchResult Finish(JsonElement before, JsonObject after)
    {
        foreach (var name in Identity)
        {
            var had = before.TryGetProperty(name, out var value);
            if (had != after.TryGetPropertyValue(name, out var now) || (had && !Same(value, now)))
            {
                return PatchResult.Refuse(IssueType.BusinessRule, $"A patch leaves {name} as it is.");
            }
        }

        Restore(before.TryGetProperty("meta", out var meta) && meta.ValueKind == JsonValueKind.Object ? meta : default, after);
        return new(after, []);
    }

    private static void Restore(JsonElement before, JsonObject after)
    {
        foreach (var name in Stamp)
        {
            var value = default(JsonElement);
            if (before.ValueKind == JsonValueKind.Object && before.TryGetProperty(name, out value))
            {
                if (after["meta"] is not JsonObject)
                {
                    after["meta"] = new JsonObject();
                }

                after["meta"]![name] = JsonNodes.From(value.Clone());
            }
            else if (after["meta"] is JsonObject meta && meta.Remove(name) && meta.Count == 0)
            {
                after.Remove("meta");
            }
        }
    }

    private static bool Same(JsonElement before, JsonNode? after) => JsonNode.DeepEquals(JsonNodes.From(before), after);
}
