using System.Collections.Immutable;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Bytes to index: finds the header, its separators, the character set, the segments, and what is wrong.</summary>
internal static class MessageReader
{
    public static Hl7ParseResult Read(ReadOnlyMemory<byte> bytes, CharsetRule rule)
    {
        ImmutableArray<Hl7Error>.Builder? errors = null;
        var span = bytes.Span;
        var start = SkipLead(span);
        if (!span[start..].StartsWith("MSH"u8))
        {
            return Unreadable(Table0357.SegmentSequence, $"byte {start}", NoHeader(span[start..]));
        }

        if (!DelimiterReader.TryRead(span[start..], out var delimiters, ref errors))
        {
            return Unreadable(Table0357.DataType, "MSH-1", "MSH-1 must be one printable ASCII character that is no letter or digit.");
        }

        var (spans, marks) = SegmentIndexer.Index(span, start, delimiters.Field, out var joined);
        var charset = CharsetChoice.Choose(span, spans, marks, delimiters, rule, ref errors);
        var scan = bytes;
        if (charset.Shape != CharsetShape.AsciiSafe && DelimiterMask.TryMask(span, start, charset, delimiters, out var masked))
        {
            scan = masked;
            (spans, marks) = SegmentIndexer.Index(masked, start, delimiters.Field, out joined);
        }

        var message = new Hl7Message(bytes, scan, delimiters, charset, spans, marks);
        HeaderCheck.Check(message, joined, ref errors);
        return new Hl7ParseResult(message, errors?.ToImmutable() ?? []);
    }

    // Byte order mark, line breaks, blanks and the start byte of a frame may stand before a message.
    private static int SkipLead(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < bytes.Length && bytes[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0B)
        {
            start++;
        }

        return start;
    }

    private static string NoHeader(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "There is no message: no byte but line breaks.",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [(byte)'M', 0, ..] or [0, (byte)'M', ..] => "UTF-16 is not read: MSH must be readable as ASCII.",
        [(byte)'F' or (byte)'B', (byte)'H', (byte)'S', ..] => "A batch is not a message: it must be taken apart first.",
        _ => "A message must start with the segment MSH.",
    };

    private static Hl7ParseResult Unreadable(int code, string location, string rule) =>
        new(null, [new Hl7Error(code, Hl7Severity.Error, location, rule)]);
}
