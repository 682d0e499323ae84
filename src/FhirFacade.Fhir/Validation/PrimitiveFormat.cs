using System.Buffers;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Validation;

/// <summary>The formats of FHIR's primitive types that JSON writes as text (https://hl7.org/fhir/R4/datatypes.html#primitive).</summary>
public static class PrimitiveFormat
{
    /// <summary>Greatest length of a string in characters (1 MiB).</summary>
    private const int MaxString = 1024 * 1024;

    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n\f\v"u8);
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);
    private static readonly SearchValues<byte> NoText = SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code is not (9 or 10 or 13)).Select(code => (byte)code)]);

    /// <summary>Whether a text is an id: 1 to 64 of letters, digits, hyphen and dot.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => text.Length is > 0 and <= 64 && !text.ContainsAnyExcept(IdCharacters);

    /// <summary>Whether UTF-8 text has the format of a primitive type. A type without a format of its own is judged as a string.</summary>
    /// <param name="type">Name of the type, such as <c>dateTime</c>.</param>
    /// <param name="text">The unescaped text, not empty.</param>
    public static bool IsValid(string type, ReadOnlySpan<byte> text) =>
        IsValid(Enum.TryParse<PrimitiveKind>(type, ignoreCase: true, out var kind) ? kind : PrimitiveKind.String, text);

    internal static bool IsValid(PrimitiveKind kind, ReadOnlySpan<byte> text) => kind switch
    {
        PrimitiveKind.Id => text.Length <= 64 && !text.ContainsAnyExcept(IdBytes),
        PrimitiveKind.Code => IsCode(text),
        PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical => !text.ContainsAny(WhiteSpace) && IsText(text),
        PrimitiveKind.Oid => IsOid(text),
        PrimitiveKind.Uuid => IsUuid(text),
        PrimitiveKind.Date => DateFormat.IsDate(text),
        PrimitiveKind.DateTime => DateFormat.IsDateTime(text),
        PrimitiveKind.Instant => DateFormat.IsInstant(text),
        PrimitiveKind.Time => DateFormat.IsTime(text),
        PrimitiveKind.Base64Binary => IsBase64(text),
        PrimitiveKind.Xhtml => text.TrimStart(" \t\r\n"u8).StartsWith("<div"u8) && IsText(text),
        _ => text.Length <= MaxString && IsText(text),
    };

    // XML, FHIR's other form, cannot hold control characters.
    private static bool IsText(ReadOnlySpan<byte> text) => !text.ContainsAny(NoText);

    // No white space at the ends, none but single spaces between.
    private static bool IsCode(ReadOnlySpan<byte> text)
    {
        if (!IsText(text) || WhiteSpace.Contains(text[0]) || WhiteSpace.Contains(text[^1]))
        {
            return false;
        }

        for (var space = text.IndexOfAny(WhiteSpace); space >= 0; space = text.IndexOfAny(WhiteSpace))
        {
            if (WhiteSpace.Contains(text[space + 1]))
            {
                return false;
            }

            text = text[(space + 1)..];
        }

        return true;
    }

    private static bool IsOid(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("urn:oid:"u8) || text.Length < 11 || text[8] is < (byte)'0' or > (byte)'2' || text[9] != '.')
        {
            return false;
        }

        var rest = text[10..];
        foreach (var range in rest.Split((byte)'.'))
        {
            var arc = rest[range];
            if (arc.IsEmpty || arc.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (arc.Length > 1 && arc[0] == '0'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsUuid(ReadOnlySpan<byte> text) =>
        text.Length == 45 && text.StartsWith("urn:uuid:"u8)
        && text[17] == '-' && text[22] == '-' && text[27] == '-' && text[32] == '-'
        && !text[9..17].ContainsAnyExcept(LowerHex) && !text[18..22].ContainsAnyExcept(LowerHex) && !text[23..27].ContainsAnyExcept(LowerHex)
        && !text[28..32].ContainsAnyExcept(LowerHex) && !text[33..].ContainsAnyExcept(LowerHex);

    private static bool IsBase64(ReadOnlySpan<byte> text) => System.Buffers.Text.Base64.IsValid(text);
}
