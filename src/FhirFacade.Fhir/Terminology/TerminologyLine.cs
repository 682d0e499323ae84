using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Terminology;

/// <summary>
/// Terminology as lines of files: the FHIR resource with its facts alone, so that <see cref="CodeSystem.Read"/> and its like read it.
/// </summary>
public static class TerminologyLine
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Head = ["url", "version", "name", "content", "caseSensitive", "sourceCanonical", "sourceUri", "targetCanonical", "targetUri"];
    private static readonly string[] Kept =
    [
        "concept", "code", "display", "property", "valueCode", "valueString", "valueBoolean", "valueInteger", "valueDecimal", "valueCoding",
        "compose", "include", "exclude", "system", "filter", "op", "value", "valueSet", "expansion", "contains", "total", "abstract",
        "group", "source", "target", "element", "equivalence", "unmapped", "mode", "url",
    ];

    /// <summary>The line of a CodeSystem, ValueSet or ConceptMap resource.</summary>
    public static string Of(JsonElement resource)
    {
        var line = new JsonObject();
        foreach (var name in Head)
        {
            Add(line, name, resource);
        }

        foreach (var name in Kept)
        {
            if (!line.ContainsKey(name))
            {
                Add(line, name, resource);
            }
        }

        if (line.ContainsKey("compose"))
        {
            line.Remove("expansion");
        }

        return line.ToJsonString(Plain);
    }

    private static void Add(JsonObject to, string name, JsonElement from)
    {
        if (from.TryGetProperty(name, out var value) && Reduced(name, value) is { } node)
        {
            to[name] = node;
        }
    }

    private static JsonNode? Reduced(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var inner in Kept)
                {
                    Add(json, inner, value);
                }

                return json;
            case JsonValueKind.Array:
                var items = value.EnumerateArray().Where(item => name != "property" || IsFact(item)).Select(item => Reduced(name, item)).ToArray();
                return items.Length == 0 ? null : new JsonArray(items);
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }

    // Declared properties and the ones that nobody filters by are left out.
    private static bool IsFact(JsonElement property) =>
        property.EnumerateObject().Any(part => part.Name.StartsWith("value", StringComparison.Ordinal))
        && property.TryGetProperty("code", out var code) && !code.ValueEquals("deprecationDate")
        && (!code.ValueEquals("status") || (property.TryGetProperty("valueCode", out var status) && (status.ValueEquals("retired") || status.ValueEquals("inactive"))));
}
