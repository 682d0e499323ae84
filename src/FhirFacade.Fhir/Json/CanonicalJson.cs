using System.Buffers;
using System.Buffers.Binary;
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
    private const int FewProperties = 24;

    /// <summary>The canonical UTF-8 bytes of a value.</summary>
    public static byte[] ToBytes(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        Write(output, value, 0, static (_, _) => true);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes the canonical bytes with only those properties that a test of their depth (1 = of the root, 2 below that; it is not asked further down) keeps.</summary>
    internal static void Write(ArrayBufferWriter<byte> output, JsonElement value, Func<int, JsonProperty, bool> keep) => Write(output, value, 0, keep);

    private static void Write(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, JsonProperty, bool> keep)
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

    private static void WriteObject(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, JsonProperty, bool> keep)
    {
        var properties = ArrayPool<JsonProperty>.Shared.Rent(value.GetPropertyCount());
        var count = 0;
        var arePlain = true;
        foreach (var property in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            arePlain &= Ascii.IsValid(name) && !name.Contains((byte)'\\');
            properties[count++] = property;
        }

        Sort(properties.AsSpan(0, count), arePlain);
        var first = true;
        foreach (var property in properties.AsSpan(0, count))
        {
            if (depth <= 2 && !keep(depth, property))
            {
                continue;
            }

            if (arePlain)
            {
                var name = JsonMarshal.GetRawUtf8PropertyName(property);
                var span = output.GetSpan(name.Length + 4);
                span[0] = first ? (byte)'{' : (byte)',';
                span[1] = (byte)'"';
                name.CopyTo(span[2..]);
                span[name.Length + 2] = (byte)'"';
                span[name.Length + 3] = (byte)':';
                output.Advance(name.Length + 4);
            }
            else
            {
                output.Write(first ? "{"u8 : ","u8);
                WriteText(output, property.Name);
                output.Write(":"u8);
            }

            Write(output, property.Value, depth, keep);
            first = false;
        }

        ArrayPool<JsonProperty>.Shared.Return(properties, clearArray: true);
        output.Write(first ? "{}"u8 : "}"u8);
    }

    // The order of ASCII is the same in UTF-8 and in UTF-16; beyond it the order is that of UTF-16 units.
    private static void Sort(Span<JsonProperty> properties, bool arePlain)
    {
        if (!arePlain)
        {
            properties.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        }
        else if (properties.Length > FewProperties)
        {
            properties.Sort(static (left, right) => JsonMarshal.GetRawUtf8PropertyName(left).SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(right)));
        }
        else
        {
            SortFew(properties);
        }
    }

    // By insertion: the first eight bytes nearly always tell, and a key that is there twice stays in its order.
    private static void SortFew(Span<JsonProperty> properties)
    {
        Span<ulong> keys = stackalloc ulong[FewProperties];
        for (var i = 0; i < properties.Length; i++)
        {
            var property = properties[i];
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            var key = Beginning(name);
            var place = i;
            while (place > 0 && (keys[place - 1] > key || (keys[place - 1] == key && JsonMarshal.GetRawUtf8PropertyName(properties[place - 1]).SequenceCompareTo(name) > 0)))
            {
                (keys[place], properties[place]) = (keys[place - 1], properties[place - 1]);
                place--;
            }

            (keys[place], properties[place]) = (key, property);
        }
    }

    private static ulong Beginning(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(name);
        }

        var key = 0UL;
        for (var i = 0; i < name.Length; i++)
        {
            key |= (ulong)name[i] << (56 - (i * 8));
        }

        return key;
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, JsonElement value, int depth, Func<int, JsonProperty, bool> keep)
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
