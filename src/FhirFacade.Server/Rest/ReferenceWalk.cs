using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Server.Rest;

/// <summary>
/// Rewrites a resource along the definitions of its elements, for the few whose names alone do not say what they hold.
/// </summary>
/// <param name="names">What is replaced.</param>
internal sealed class ReferenceWalk(IReadOnlyDictionary<string, string> names)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The resource with every name replaced.</summary>
    /// <param name="resource">A resource.</param>
    /// <param name="relativeTo">What its relative references are relative to; null if that is not known.</param>
    public byte[] Rewrite(ReadOnlyMemory<byte> resource, string? relativeTo)
    {
        using var document = JsonDocument.Parse(resource);
        var output = new ArrayBufferWriter<byte>(resource.Length + 256);
        using (var writer = new Utf8JsonWriter(output, Plain))
        {
            Resource(writer, document.RootElement, relativeTo);
        }
        return output.WrittenSpan.ToArray();
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
            case JsonValueKind.String when isReference || RewrittenNames.Holds(typeName):
                Name(writer, value, isReference, relativeTo);
                break;
            case JsonValueKind.String when typeName == "xhtml":
                writer.WriteStringValue(ReferenceRewriter.Links(value.GetString()!, names));
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
}
