using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>
/// One spelling for JSON that says the same: keys in ordinal order, no white space, no escapes that need not be, numbers
/// with the digits they came with.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    public static byte[] ToBytes(JsonElement value) => ToBytes(value, static (_, _) => true);

    /// <summary>As above, with only those properties that a test of depth (1 = of the root) and name keeps.</summary>
    internal static byte[] ToBytes(JsonElement value, Func<int, string, bool> keep)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, value, 0, keep);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, int depth, Func<int, string, bool> keep)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, child) in value.EnumerateObject().Select(property => (property.Name, property.Value)).OrderBy(pair => pair.Name, StringComparer.Ordinal))
                {
                    if (keep(depth + 1, name))
                    {
                        writer.WritePropertyName(name);
                        Write(writer, child, depth + 1, keep);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, depth + 1, keep);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
