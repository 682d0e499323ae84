using System.Collections.Concurrent;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Segment names as numbers: three ASCII characters packed big-endian into an int, so that comparing costs nothing.</summary>
internal static class SegmentName
{
    private const int CacheLimit = 4096;

    private static readonly ConcurrentDictionary<int, string> Names = new();

    public static readonly int Msh = Pack("MSH");
    public static readonly int Bhs = Pack("BHS");
    public static readonly int Fhs = Pack("FHS");

    /// <summary>True for the three segments whose first field is the field separator itself.</summary>
    public static bool IsHeader(int name) => name == Msh || name == Bhs || name == Fhs;

    /// <summary>The packed form, or 0 if the text is not three ASCII characters.</summary>
    public static int Pack(ReadOnlySpan<char> name) =>
        name.Length == 3 && (name[0] | name[1] | name[2]) < 0x80 ? (name[0] << 16) | (name[1] << 8) | name[2] : 0;

    public static int Pack(ReadOnlySpan<byte> name) => (name[0] << 16) | (name[1] << 8) | name[2];

    /// <summary>A capital letter and two capital letters or digits, as chapter 2 has it.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> name) =>
        char.IsAsciiLetterUpper((char)name[0]) && IsUpperOrDigit(name[1]) && IsUpperOrDigit(name[2]);

    public static string ToText(int name)
    {
        if (Names.TryGetValue(name, out var text))
        {
            return text;
        }

        text = string.Create(3, name, static (chars, n) =>
        {
            chars[0] = (char)(n >> 16);
            chars[1] = (char)((n >> 8) & 0x7F);
            chars[2] = (char)(n & 0x7F);
        });

        // Names come from outside: only so many are kept.
        return Names.Count < CacheLimit ? Names.GetOrAdd(name, text) : text;
    }

    private static bool IsUpperOrDigit(byte value) => char.IsAsciiLetterUpper((char)value) || char.IsAsciiDigit((char)value);
}
