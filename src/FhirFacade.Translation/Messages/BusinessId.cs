using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FhirFacade.Translation.Messages;

/// <summary>Logical ids from business keys: the same key is the same resource, in every message and after every replay.</summary>
internal static class BusinessId
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private const int Bytes = 16;

    /// <summary>
    /// 26 lower-case letters and digits: the first 128 bits of SHA-256 over the parts, in base 32 (RFC 4648, no padding). The parts are told
    /// apart, so that ("ab", "c") and ("a", "bc") differ.
    /// </summary>
    public static string Of(string type, params ReadOnlySpan<string?> key)
    {
        var length = Encoding.UTF8.GetMaxByteCount(type.Length);
        foreach (var part in key)
        {
            length += 1 + Encoding.UTF8.GetMaxByteCount(part?.Length ?? 0);
        }

        var rented = length > 512 ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> buffer = rented is null ? stackalloc byte[512] : rented;
        var used = Encoding.UTF8.GetBytes(type, buffer);
        foreach (var part in key)
        {
            // 0x1F cannot occur in HL7 v2 text.
            buffer[used++] = 0x1F;
            used += Encoding.UTF8.GetBytes(part ?? "", buffer[used..]);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Sha256.Hash(buffer[..used], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return Base32(hash[..Bytes]);
    }

    /// <summary>The same form, of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Base32(hash[..Bytes]);
    }

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        // Five bits a character: twelve of the first word, one of both, twelve and the last three bits of the second.
        var (high, low) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        Span<char> text = stackalloc char[26];
        for (var i = 0; i < 12; i++)
        {
            text[i] = Alphabet[(int)(high >> (59 - (5 * i))) & 31];
            text[i + 13] = Alphabet[(int)(low >> (58 - (5 * i))) & 31];
        }

        text[12] = Alphabet[(int)((high << 1) | (low >> 63)) & 31];
        text[25] = Alphabet[(int)(low << 2) & 31];
        return new string(text);
    }
}
