using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>How the texts of one message are read.</summary>
/// <param name="Encoding">The encoding of plain text.</param>
/// <param name="Shape">What must be known of its bytes to find delimiters.</param>
/// <param name="Switches">True if ISO 2022 designations may switch the character set within a text.</param>
internal sealed record Charset(Encoding Encoding, CharsetShape Shape, bool Switches)
{
    /// <summary>True if ASCII bytes are ASCII in it, whatever comes before them.</summary>
    public bool KeepsAscii => !Switches && Encoding.CodePage is 65001 or 20127 or 1252 or (>= 28591 and <= 28605);

    public static Charset Utf8 { get; } = new(new UTF8Encoding(false), CharsetShape.AsciiSafe, false);

    public static Charset Latin1 { get; } = new(Encoding.Latin1, CharsetShape.AsciiSafe, false);

    public static Charset Of(Encoding encoding) => new(encoding, CharsetNames.ShapeOf(encoding), CharsetNames.ShapeOf(encoding) == CharsetShape.Iso2022);
}
