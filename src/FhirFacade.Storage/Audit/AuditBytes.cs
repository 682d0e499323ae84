using System.Buffers.Binary;
using System.Text;

namespace FhirFacade.Storage.Audit;

/// <summary>Writes numbers and texts one after another: numbers in seven bits a byte, texts as UTF-8 after their length.</summary>
internal ref struct AuditBytes(Span<byte> target)
{
    private readonly Span<byte> target = target;

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>The most that a text takes.</summary>
    public static int Most(string text) => 5 + (text.Length * 3);

    public void Write(byte value) => target[Length++] = value;

    public void WriteFixed(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target[Length..], value);
        Length += sizeof(long);
    }

    public void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            target[Length++] = (byte)(value | 0x80);
        }

        target[Length++] = (byte)value;
    }

    public void Write(string text)
    {
        Write((ulong)Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, target[Length..]);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[Length..]);
        Length += bytes.Length;
    }
}

/// <summary>Reads what <see cref="AuditBytes"/> has written.</summary>
/// <remarks>Whatever is not of that form is an <see cref="InvalidDataException"/>.</remarks>
internal ref struct AuditBytesReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    public readonly bool IsAtEnd => rest.IsEmpty;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => rest.Length;

    public byte Byte() => Bytes(1)[0];

    public long Fixed() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a number is too long");
    }

    public int Count() => Number() is var count && count <= (ulong)rest.Length ? (int)count : throw new InvalidDataException("a count is too large");

    public string Text() => Encoding.UTF8.GetString(Bytes(Count()));

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (length > rest.Length)
        {
            throw new InvalidDataException("the bytes end too early");
        }

        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
