using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FhirFacade.Storage.Search.Index;

/// <summary>The 64-bit terms of the inverted index. What is written here is in every database: it never changes.</summary>
/// <remarks>
/// A term is the first eight bytes of SHA-256 over its kind and its parts, each with its length, so that different parts
/// never make the same input. Terms find rows; what decides who may see a row is compared exactly, in columns of its own.
/// </remarks>
public static class Terms
{
    private const int StackBytes = 512;
    private const int MostParameters = 4096;

    // Every value of every resource asks for the number of its parameter.
    private static readonly ConcurrentDictionary<string, int> Parameters = new(StringComparer.Ordinal);

    /// <summary>A code under its system; <paramref name="system"/> null for values without one.</summary>
    public static long Token(string parameter, string? system, string code) => Hash('t', parameter, system, Fold(code));

    /// <summary>A code under whatever system.</summary>
    public static long TokenCode(string parameter, string code) => Hash('c', parameter, null, Fold(code));

    /// <summary>Any code of a system.</summary>
    public static long TokenSystem(string parameter, string system) => Hash('s', parameter, system, null);

    /// <summary>The beginning of a text, normalised and at most <see cref="StringPrefixes.Longest"/> characters.</summary>
    public static long Prefix(string parameter, ReadOnlySpan<char> normalised) => Hash('p', parameter, null, normalised);

    /// <summary>A text as it stands, for <c>:exact</c>.</summary>
    public static long Exact(string parameter, string text) => Hash('e', parameter, null, text);

    /// <summary>A whole uri, or an absolute reference.</summary>
    public static long Uri(string parameter, string uri) => Hash('u', parameter, null, uri);

    /// <summary>A reference by business identifier, for <c>:identifier</c>.</summary>
    public static long Identifier(string parameter, string? system, string value) => Hash('i', parameter, system, Fold(value));

    /// <summary>A reference by business identifier of whatever system.</summary>
    public static long IdentifierValue(string parameter, string value) => Hash('v', parameter, null, Fold(value));

    /// <summary>The resource itself: the column <c>ref_hash</c> of its row.</summary>
    public static long Resource(string type, string id) => Hash('r', type, null, id);

    /// <summary>A reference to a resource. SQL makes the same from the target's row: <c>ref_hash # constant</c>.</summary>
    public static long Reference(string parameter, string targetType, string targetId) =>
        Resource(targetType, targetId) ^ ReferenceConstant(parameter);

    /// <summary>What turns <c>ref_hash</c> into the term of a reference through the parameter.</summary>
    public static long ReferenceConstant(string parameter) => Hash('R', parameter, null, null);

    /// <summary>The number of a search parameter in the side tables and in the column <c>present</c>.</summary>
    public static int Parameter(string parameter)
    {
        if (Parameters.TryGetValue(parameter, out var number))
        {
            return number;
        }

        number = (int)Hash('P', parameter, null, null);
        if (Parameters.Count < MostParameters)
        {
            Parameters[parameter] = number;
        }

        return number;
    }

    /// <summary>A unit with its system.</summary>
    public static long Unit(string system, string code) => Hash('q', system, null, code);

    /// <summary>A unit by its code or by its name for people, whatever the system.</summary>
    public static long UnitCode(string code) => Hash('Q', code, null, null);

    /// <summary>The text of a coded value, in its normal form; <c>index_text</c> says which.</summary>
    public static long CodedText(string parameter, string normalised) => Hash('d', parameter, null, normalised);

    /// <summary>A word of the narrative, in its normal form.</summary>
    public static long Word(string normalised) => Hash('w', "_text", null, normalised);

    /// <summary>An identifier with the type of identifier that it is, for <c>:of-type</c>. No part holds U+0000.</summary>
    public static long IdentifierOfType(string parameter, string? typeSystem, string typeCode, string value) =>
        Hash('o', parameter, typeSystem, $"{Fold(typeCode)}\0{Fold(value)}");

    /// <summary>A tuple of a composite parameter, by the terms of those of its parts that are no ranges.</summary>
    public static long Tuple(string parameter, ReadOnlySpan<long> parts)
    {
        var text = new StringBuilder(parts.Length * 16);
        foreach (var part in parts)
        {
            text.Append(part.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        }

        return Hash('m', parameter, null, text.ToString());
    }

    /// <summary>The number of one part of a composite parameter in the range table.</summary>
    public static int Part(string parameter, int part) =>
        Parameter(parameter + "$" + part.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The number under which the range table keeps quantities in base units.</summary>
    public static int Canonical(string parameter) => Parameter(parameter + "#base");

    // R4 search.html#token: when in doubt, codes are compared without regard to case.
    private static string Fold(string code) => code.ToLowerInvariant();

    private static long Hash(char kind, string parameter, string? system, ReadOnlySpan<char> rest)
    {
        var size = 1 + (3 * sizeof(int)) + Encoding.UTF8.GetMaxByteCount(parameter.Length + (system?.Length ?? 0) + rest.Length);
        Span<byte> input = size <= StackBytes ? stackalloc byte[StackBytes] : new byte[size];
        input[0] = (byte)kind;
        var length = 1;
        length += Write(input[length..], parameter);
        length += system is null ? WriteNone(input[length..]) : Write(input[length..], system);
        length += Write(input[length..], rest);

        input = input[..length];
        if (TermCache.TryGet(input, out var place, out var known))
        {
            return known;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        var term = BinaryPrimitives.ReadInt64LittleEndian(hash);
        TermCache.Keep(place, input, term);
        return term;
    }

    private static int Write(Span<byte> target, ReadOnlySpan<char> part)
    {
        var written = Encoding.UTF8.GetBytes(part, target[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(target, written);
        return sizeof(int) + written;
    }

    private static int WriteNone(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, -1);
        return sizeof(int);
    }
}
