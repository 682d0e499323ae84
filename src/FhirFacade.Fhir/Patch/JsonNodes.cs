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

    /// <summary>How many levels of objects and arrays a value has.</summary>
    public static int Depth(JsonNode? node) => node switch
    {
        JsonObject json => 1 + json.Select(property => Depth(property.Value)).DefaultIfEmpty().Max(),
        JsonArray json => 1 + json.Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
