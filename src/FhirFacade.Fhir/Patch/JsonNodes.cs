using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Patch;

internal static class JsonNodes
{
    /// <summary>A value that can be changed; numbers keep their digits, null is null.</summary>
    public static JsonNode? From(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(value),
    };

    /// <summary>How many levels of objects and arrays a value has. Each value met costs one of the budget; without any left the count is not true.</summary>
    public static int Depth(JsonNode? node, ref long budget)
    {
        var deepest = 0;
        switch (node)
        {
            case JsonObject json:
                foreach (var (_, value) in json)
                {
                    deepest = --budget < 0 ? deepest : Math.Max(deepest, Depth(value, ref budget));
                }

                return deepest + 1;
            case JsonArray json:
                foreach (var value in json)
                {
                    deepest = --budget < 0 ? deepest : Math.Max(deepest, Depth(value, ref budget));
                }

                return deepest + 1;
            default:
                return 0;
        }
    }
}
