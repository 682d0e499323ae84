using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>
/// One spelling for JSON that says the same: keys in ordinal order, no white space, no escapes that need not be, numbers
/// with the digits they came with. Written here rather than by the platform's writer, whose escapes follow its version of Unicode.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    public static byte[] ToBytes(JsonElement value) => ToBytes(value, static (_, _) => true);

    /// <summary>As above, with only those properties that a test of depth (1 = of the root) and name keeps.</summary>
    internal static byte[] ToBytes(JsonElement value, Func<int, string, bool> keep)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        Write(output, value, 0, keep);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, string, bool> keep)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value, depth + 1, keep);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value, depth + 1, keep);
                break;
            case JsonValueKind.String when JsonMarshal.GetRawUtf8Value(value).Contains((byte)'\\'):
                WriteText(output, value.GetString()!);
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, string, bool> keep)
    {
        var separator = "{"u8;
        foreach (var (name, child) in value.EnumerateObject().Select(property => (property.Name, property.Value)).OrderBy(pair => pair.Name, StringComparer.Ordinal))
        {
            if (keep(depth, name))
            {
                output.Write(separator);
                WriteText(output, name);
                output.Write(":"u8);
                Write(output, child, depth, keep);
                separator = ","u8;
            }
        }

        output.Write(separator[0] == '{' ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, string, bool> keep)
    {
        var separator = "["u8;
        foreach (var item in value.EnumerateArray())
        {
            output.Write(separator);
            Write(output, item, depth, keep);
            separator = ","u8;
        }

        output.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
    }

    // Quotation mark, backslash and the control characters are all that JSON wants escaped (RFC 8259, section 7).
    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        output.Write("\""u8);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (unit is (byte)'"' or (byte)'\\')
            {
                output.Write([(byte)'\\', unit]);
            }
            else if (unit < 0x20)
            {
                output.Write("\\u00"u8);
                output.Write([(byte)('0' + (unit >> 4)), "0123456789abcdef"u8[unit & 15]]);
            }
            else
            {
                output.Write([unit]);
            }
        }

        output.Write("\""u8);
    }
}
