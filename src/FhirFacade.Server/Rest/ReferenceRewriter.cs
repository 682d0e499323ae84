using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Replaces the names that entries of a transaction have for each other by what they are called once they are stored: in references, in
/// elements of type uri, url, oid and uuid, and in links and images of the narrative; never in canonicals or plain texts (R4 http.html, transaction).
/// </summary>
/// <param name="names">What is replaced: full urls, and conditional references.</param>
internal sealed partial class ReferenceRewriter(IReadOnlyDictionary<string, string> names)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The resource with every name replaced.</summary>
    /// <param name="resource">A valid resource.</param>
    /// <param name="fullUrl">Its own name, which relative references are relative to.</param>
    public JsonElement Rewrite(JsonElement resource, string? fullUrl)
    {
        if (names.Count == 0)
        {
            return resource;
        }
        var output = new ArrayBufferWriter<byte>(JsonMarshal.GetRawUtf8Value(resource).Length + 256);
        using (var writer = new Utf8JsonWriter(output, Plain))
        {
            Resource(writer, resource, BaseOf(resource, fullUrl));
        }
        return JsonElement.Parse(output.WrittenSpan);
    }

    /// <summary>Every reference in the resource that is a search (<c>Patient?identifier=...</c>).</summary>
    public static IEnumerable<string> Conditional(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                return json.EnumerateArray().SelectMany(Conditional);
            case JsonValueKind.Object:
                var inside = json.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object).SelectMany(p => Conditional(p.Value));
                return json.TryGetProperty("reference", out var reference) && reference.ValueKind == JsonValueKind.String && IsSearch(reference)
                    ? inside.Prepend(reference.GetString()!)
                    : inside;
            default:
                return [];
        }
    }

    private static bool IsSearch(JsonElement reference)
    {
        var raw = JsonMarshal.GetRawUtf8Value(reference);
        var question = raw.IndexOf((byte)'?');
        return question > 1 && R4.Definitions.IsResourceType(System.Text.Encoding.UTF8.GetString(raw[1..question]));
    }

    private void Resource(Utf8JsonWriter writer, JsonElement resource, string? relativeTo)
    {
        var type = resource.TryGetProperty("resourceType", out var name) && name.ValueKind == JsonValueKind.String ? R4.Definitions.Type(name.GetString()!) : null;
        Object(writer, resource, type, relativeTo);
    }

    private void Object(Utf8JsonWriter writer, JsonElement json, TypeDefinition? type, string? relativeTo)
    {
        writer.WriteStartObject();
        foreach (var property in json.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            ElementMatch? match = null;
            type?.TryMatch(property.Name.AsSpan().TrimStart('_'), out match);
            Value(writer, property.Value, match?.TypeName, type?.Name == "Reference" && property.NameEquals("reference"), relativeTo);
        }
        writer.WriteEndObject();
    }

    private void Value(Utf8JsonWriter writer, JsonElement value, string? typeName, bool isReference, string? relativeTo)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when typeName == "Resource":
                Resource(writer, value, relativeTo);
                break;
            case JsonValueKind.Object:
                // Beside a primitive stands what every element has.
                Object(writer, value, typeName is null ? null : R4.Definitions.Type(typeName) is { Kind: not TypeKind.Primitive } type ? type : R4.Definitions.Type("Element"), relativeTo);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Value(writer, item, typeName, isReference, relativeTo);
                }
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when isReference || typeName is "uri" or "url" or "oid" or "uuid":
                Name(writer, value, isReference, relativeTo);
                break;
            case JsonValueKind.String when typeName == "xhtml":
                writer.WriteStringValue(Link().Replace(value.GetString()!, link => names.TryGetValue(link.Groups[2].Value, out var stored) ? link.Groups[1].Value + stored + link.Groups[3].Value : link.Value));
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
        }
    }

    private void Name(Utf8JsonWriter writer, JsonElement value, bool isReference, string? relativeTo)
    {
        var text = value.GetString()!;
        if (names.TryGetValue(text, out var stored) || isReference && relativeTo is not null && names.TryGetValue(relativeTo + text, out stored))
        {
            writer.WriteStringValue(stored);
        }
        else
        {
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
        }
    }

    // http://there/fhir/Patient/1 -> http://there/fhir/
    private static string? BaseOf(JsonElement resource, string? fullUrl) =>
        fullUrl is not null && fullUrl.StartsWith("http", StringComparison.Ordinal) && resource.TryGetProperty("resourceType", out var type)
        && fullUrl.LastIndexOf($"/{type.GetString()}/", StringComparison.Ordinal) is > 0 and var end
            ? fullUrl[..(end + 1)]
            : null;

    [GeneratedRegex("""((?:href|src)\s*=\s*["'])([^"']+)(["'])""")]
    private static partial Regex Link();
}
