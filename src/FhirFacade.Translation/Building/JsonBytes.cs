using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace FhirFacade.Translation.Building;

/// <summary>
/// Writes a tree as UTF-8 JSON (RFC 8259) without blanks and without more escapes than JSON asks for: quote, backslash and control characters.
/// What is no Unicode (a lone half of a surrogate pair) becomes U+FFFD.
/// </summary>
internal ref struct JsonBytes
{
    // Of a char: a control character is written in six bytes.
    private const int MaxEscaped = 6;
    private const int MaxNumber = 40;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(static c => (char)c), '"', '\\']);

    private byte[] _buffer;
    private int _used;

    /// <summary>The bytes of a resource.</summary>
    public static byte[] Of(JsonObject json)
    {
        var writer = new JsonBytes { _buffer = ArrayPool<byte>.Shared.Rent(4096) };
        writer.Write(json);
        var bytes = writer._buffer.AsSpan(0, writer._used).ToArray();
        ArrayPool<byte>.Shared.Return(writer._buffer);
        return bytes;
    }

    private void Write(JsonNode? node)
    {
        switch (node)
        {
            case JsonValue value:
                Write(value.Content);
                break;
            case JsonObject json:
                Write(json);
                break;
            case JsonArray array:
                Write(array);
                break;
            default:
                Literal("null"u8);
                break;
        }
    }

    private void Write(JsonObject json)
    {
        Put('{');
        for (var i = 0; i < json.Count; i++)
        {
            if (i > 0)
            {
                Put(',');
            }

            ref readonly var property = ref json.At(i);
            Text(property.Key);
            Put(':');
            Write(property.Value);
        }

        Put('}');
    }

    private void Write(JsonArray array)
    {
        Put('[');
        var isFirst = true;
        foreach (var item in array)
        {
            if (!isFirst)
            {
                Put(',');
            }

            isFirst = false;
            Write(item);
        }

        Put(']');
    }

    private void Write(object value)
    {
        switch (value)
        {
            case string text:
                Text(text);
                break;
            case bool logical:
                Literal(logical ? "true"u8 : "false"u8);
                break;
            case decimal number:
                Reserve(MaxNumber);
                number.TryFormat(_buffer.AsSpan(_used), out var digits, default, CultureInfo.InvariantCulture);
                _used += digits;
                break;
            case int number:
                Reserve(MaxNumber);
                Utf8Formatter.TryFormat(number, _buffer.AsSpan(_used), out var written);
                _used += written;
                break;
            default:
                throw new InvalidOperationException("A value of a kind that JSON does not have.");
        }
    }

    private void Text(string text)
    {
        Reserve((text.Length * MaxEscaped) + 2);
        _buffer[_used++] = (byte)'"';
        var rest = text.AsSpan(Ascii(text));
        for (var plain = rest.IndexOfAny(Escaped); plain >= 0; plain = rest.IndexOfAny(Escaped))
        {
            Plain(rest[..plain]);
            Escape(rest[plain]);
            rest = rest[(plain + 1)..];
        }

        if (!rest.IsEmpty)
        {
            Plain(rest);
        }

        _buffer[_used++] = (byte)'"';
    }

    // How much of the beginning is written: ASCII that needs no escape, eight characters at a time and then one.
    private int Ascii(ReadOnlySpan<char> text)
    {
        var from = MemoryMarshal.Cast<char, ushort>(text);
        var to = _buffer.AsSpan(_used);
        var done = 0;
        for (; from.Length - done >= Vector128<ushort>.Count; done += Vector128<ushort>.Count)
        {
            var eight = Vector128.Create(from[done..]);
            var others = Vector128.LessThan(eight, Vector128.Create<ushort>(' '))
                | Vector128.GreaterThan(eight, Vector128.Create<ushort>('~'))
                | Vector128.Equals(eight, Vector128.Create<ushort>('"'))
                | Vector128.Equals(eight, Vector128.Create<ushort>('\\'));
            if (others != Vector128<ushort>.Zero)
            {
                break;
            }

            Vector128.Narrow(eight, eight).GetLower().CopyTo(to[done..]);
        }

        for (; done < from.Length && from[done] is >= ' ' and <= '~' and not '"' and not '\\'; done++)
        {
            to[done] = (byte)from[done];
        }

        _used += done;
        return done;
    }

    private void Plain(ReadOnlySpan<char> text) => _used += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_used));

    private void Escape(char c)
    {
        var shorthand = c switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', '\b' => 'b', '\f' => 'f', _ => '\0' };
        _buffer[_used++] = (byte)'\\';
        if (shorthand != '\0')
        {
            _buffer[_used++] = (byte)shorthand;
            return;
        }

        "u00"u8.CopyTo(_buffer.AsSpan(_used));
        Utf8Formatter.TryFormat((byte)c, _buffer.AsSpan(_used + 3), out _, new StandardFormat('x', 2));
        _used += MaxEscaped - 1;
    }

    private void Literal(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
    }

    private void Put(char value)
    {
        Reserve(1);
        _buffer[_used++] = (byte)value;
    }

    private void Reserve(int length)
    {
        if (_buffer.Length - _used < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _used + length));
            _buffer.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
