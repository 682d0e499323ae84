using System.Buffers;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// Text of an element: escape sequences (chapter 2, use of escape sequences in text fields) and character sets resolved.
/// Sequences that stand for bytes are replaced before decoding, so that one character may be spread over several of them.
/// </summary>
internal static class EscapeReader
{
    private const byte Esc = 0x1B;

    /// <summary>Decodes a slice of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="raw">The slice.</param>
    /// <param name="scan">The same slice with delimiters inside multi-byte characters blanked.</param>
    public static string Decode(Hl7Message message, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> scan)
    {
        var escape = message.Delimiters.Escape;
        if (escape == 0 || !scan.Contains(escape))
        {
            return ToText(raw, message.Charset);
        }

        var output = new ArrayBufferWriter<byte>(raw.Length + 16);
        while (true)
        {
            var start = scan.IndexOf(escape);
            var length = start < 0 ? 0 : scan[(start + 1)..].IndexOf(escape) + 2;
            if (length < 2)
            {
                // No escape character, or a lone one, which stays.
                output.Write(raw);
                return ToText(output.WrittenSpan, message.Charset);
            }

            output.Write(raw[..start]);
            var sequence = raw.Slice(start, length);
            var used = TryResolve(message, sequence, output) ? length : Keep(sequence, output);
            raw = raw[(start + used)..];
            scan = scan[(start + used)..];
        }
    }

    private static string ToText(ReadOnlySpan<byte> bytes, Charset charset) =>
        charset.KeepsAscii && Ascii.IsValid(bytes) ? Encoding.Latin1.GetString(bytes)
        : charset.Switches && bytes.Contains(Esc) ? Iso2022Reader.Decode(bytes, charset) : charset.Encoding.GetString(bytes);

    // A local sequence is kept whole. Any other escape character that opens nothing known stays by itself, since what closes it may
    // open a sequence of its own ("5 \ 3 \.br\").
    private static int Keep(ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        var length = sequence[1] == (byte)'Z' && sequence.Length > 2 ? sequence.Length : 1;
        output.Write(sequence[..length]);
        return length;
    }

    // The sequence with both its escape characters. False if it is none that is known.
    private static bool TryResolve(Hl7Message message, ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        var delimiters = message.Delimiters;
        switch (sequence[1..^1])
        {
            case [(byte)'F']:
                return TryPut(delimiters.Field, output);
            case [(byte)'S']:
                return TryPut(delimiters.Component, output);
            case [(byte)'T']:
                return TryPut(delimiters.Subcomponent, output);
            case [(byte)'R']:
                return TryPut(delimiters.Repetition, output);
            case [(byte)'E']:
                return TryPut(delimiters.Escape, output);
            case [(byte)'P']:
                return TryPut(delimiters.Truncation == 0 ? (byte)'#' : delimiters.Truncation, output);
            case [(byte)'H'] or [(byte)'N']:
                return true;
            case [(byte)'X', .. var digits]:
                return TryHexadecimal(digits, message.Encoding, output);
            case [(byte)'.', .. var command]:
                return FormattingCommand.TryWrite(command, output);
            case [(byte)'C' or (byte)'M', .. var digits] when message.Charset.Switches:
                return TryDesignate(sequence, digits, output);
            default:
                return false;
        }
    }

    private static bool TryPut(byte value, ArrayBufferWriter<byte> output)
    {
        if (value != 0)
        {
            output.Write([value]);
        }

        return value != 0;
    }

    // Bytes in the character set of the message. Some senders write UTF-16 code units instead: \X00E0\ is known by the zero byte of each
    // pair, which no text has, and is one character.
    private static bool TryHexadecimal(ReadOnlySpan<byte> digits, Encoding encoding, ArrayBufferWriter<byte> output)
    {
        if (!TryBytes(digits, out var bytes))
        {
            return false;
        }

        if (bytes.Length % 2 == 0 && !bytes.Where((value, i) => i % 2 == 0 && value != 0).Any())
        {
            encoding.GetBytes(Encoding.BigEndianUnicode.GetString(bytes), output);
        }
        else
        {
            output.Write(bytes);
        }

        return true;
    }

    // Written back as the ISO 2022 sequence that it stands for; the reader of those does the rest.
    private static bool TryDesignate(ReadOnlySpan<byte> sequence, ReadOnlySpan<byte> digits, ArrayBufferWriter<byte> output)
    {
        if (!Iso2022Designation.TryRead(sequence, sequence[0], out _) || !TryBytes(digits, out var bytes))
        {
            return false;
        }

        output.Write([Esc]);
        output.Write(bytes);
        return true;
    }

    private static bool TryBytes(ReadOnlySpan<byte> digits, out byte[] bytes)
    {
        bytes = new byte[digits.Length / 2];
        return bytes.Length > 0 && digits.Length % 2 == 0 && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done;
    }
}
