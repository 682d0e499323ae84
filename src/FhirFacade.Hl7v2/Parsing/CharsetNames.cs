using System.Collections.Frozen;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// The names of MSH-18 (HL7 table 0211) and the spellings of them that are seen in feeds. The first repetition is the set that the
/// message starts in; further ones are sets that it may switch to by ISO 2022 designations.
/// <para>
/// Absent, ASCII or unknown: the message is UTF-8 if all its bytes are valid UTF-8, else Latin-1. An unknown name is reported (103),
/// and so are bytes that the declared set cannot hold (102).
/// </para>
/// </summary>
public static class CharsetNames
{
    private static readonly FrozenDictionary<string, int> CodePages = new Dictionary<string, int>
    {
        ["UNICODE"] = 65001,
        ["UNICODEUTF8"] = 65001,
        ["UTF8"] = 65001,
        ["UTF8UNICODE"] = 65001,
        ["ASCII"] = 20127,
        ["USASCII"] = 20127,
        ["ISOIR6"] = 20127,
        ["88591"] = 28591,
        ["ISOIR100"] = 28591,
        ["LATIN1"] = 28591,
        ["88592"] = 28592,
        ["ISOIR101"] = 28592,
        ["88593"] = 28593,
        ["ISOIR109"] = 28593,
        ["88594"] = 28594,
        ["ISOIR110"] = 28594,
        ["88595"] = 28595,
        ["ISOIR144"] = 28595,
        ["88596"] = 28596,
        ["ISOIR127"] = 28596,
        ["88597"] = 28597,
        ["ISOIR126"] = 28597,
        ["88598"] = 28598,
        ["ISOIR138"] = 28598,
        ["88599"] = 28599,
        ["ISOIR148"] = 28599,
        ["885913"] = 28603,
        ["885915"] = 28605,
        ["ISOIR13"] = 932,
        ["ISOIR14"] = 932,
        ["ISOIR87"] = 50222,
        ["ISOIR159"] = 50222,
        ["ISOIR149"] = 949,
        ["KSX1001"] = 949,
        ["GB180302000"] = 54936,
        ["GB18030"] = 54936,
        ["BIG5"] = 950,
        ["CNS116431992"] = 950,
        ["CP1250"] = 1250,
        ["CP1252"] = 1252,
        ["ANSI"] = 1252,
    }.ToFrozenDictionary();

    private static readonly EncodingProvider Provider = CodePagesEncodingProvider.Instance;

    /// <summary>The encoding of a name, or null if it is unknown or cannot carry HL7's ASCII delimiters (UTF-16, UTF-32, EBCDIC and the like).</summary>
    public static Encoding? Find(string name)
    {
        var key = Normalise(name);
        if (!CodePages.TryGetValue(key, out var codePage) && key.StartsWith("ISO", StringComparison.Ordinal))
        {
            CodePages.TryGetValue(key[3..], out codePage);
        }

        var encoding = codePage switch
        {
            65001 => Charset.Utf8.Encoding,
            20127 => Encoding.ASCII,
            28591 => Encoding.Latin1,
            0 => Provider.GetEncoding(name.Trim()) ?? Provider.GetEncoding(name.Trim().Replace(' ', '-')),
            _ => Provider.GetEncoding(codePage),
        };

        // ISO-2022-KR and -CN shift with SO and SI, which nobody sends in HL7.
        return encoding is { CodePage: not (50225 or 50227) } && CarriesAscii(encoding) ? encoding : null;
    }

    internal static CharsetShape ShapeOf(Encoding encoding) => encoding.CodePage switch
    {
        50220 or 50221 or 50222 => CharsetShape.Iso2022,
        932 => CharsetShape.ShiftJis,
        936 or 950 or 54936 or 949 or 1361 => CharsetShape.LeadByte,
        _ => CharsetShape.AsciiSafe,
    };

    // "ISO_IR 100", "8859/1", "iso-8859-1" and the like lose everything but letters and digits.
    private static string Normalise(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();

    private static bool CarriesAscii(Encoding encoding) => encoding.GetBytes("MSH|^~\\&#").AsSpan().SequenceEqual("MSH|^~\\&#"u8);
}
