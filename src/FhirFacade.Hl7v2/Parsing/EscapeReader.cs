using System.Buffers;
using System.Buffers.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// Text of an element: escape sequences (chapter 2, use of escape sequences in text fields) and character sets resolved.
/// Sequences that stand for bytes are replaced before decoding, so that one character may be spread over several of them.
/// </summary>
internal static class EscapeReader
{
    private const byte Lf = 10;
    private const byte Esc = 0x1B;

    // Blank lines or spaces that one \.sp\ or \.sk\ may ask for.
    private const int SkipLimit = 200;

    public static string Decode(Hl7Message message, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> scan)
    {
        var escape = message.Delimiters.Escape;
        var charset = message.Charset;
        if (escape == 0 || !scan.Contains(escape))
        {
            return charset.Switches && raw.Contains(Esc) ? Iso2022Reader.Decode(raw, charset) : charset.Encoding.GetString(raw);
        }

        var output = new ArrayBufferWriter<byte>(raw.Length + 16);
        while (true)
        {
            var start = scan.IndexOf(escape);
            if (start < 0)
            {
                output.Write(raw);
                break;
            }

            output.Write(raw[..start]);
            raw = raw[start..];
            scan = scan[start..];
            var length = scan[1..].IndexOf(escape) + 2;
            if (length < 2)
            {
                // A lone escape character stays, and so does all behind it.
                output.Write(raw);
                break;
            }

            var used = Resolve(message, raw[..length], output) ? length : KeptLength(raw[..length], output);
            raw = raw[used..];
            scan = scan[used..];
        }

        var bytes = output.WrittenSpan;
        return charset.Switches && bytes.Contains(Esc) ? Iso2022Reader.Decode(bytes, charset) : charset.Encoding.GetString(bytes);
    }

    // A local sequence is kept whole. Any other escape character that opens nothing known stays by itself, since what closes it may
    // open a sequence of its own ("5 \ 3 \.br\").
    private static int KeptLength(ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        var length = sequence[1] == (byte)'Z' && sequence.Length > 2 ? sequence.Length : 1;
        output.Write(sequence[..length]);
        return length;
    }

    // The sequence with both its escape characters. False if it is none that is known.
    private static bool Resolve(Hl7Message message, ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        var body = sequence[1..^1];
        var delimiters = message.Delimiters;
        switch (body)
        {
            case [(byte)'F']:
                return Put(output, delimiters.Field);
            case [(byte)'S']:
                return Put(output, delimiters.Component);
            case [(byte)'T']:
                return Put(output, delimiters.Subcomponent);
            case [(byte)'R']:
                return Put(output, delimiters.Repetition);
            case [(byte)'E']:
                return Put(output, delimiters.Escape);
            case [(byte)'P']:
                return Put(output, delimiters.Truncation == 0 ? (byte)'#' : delimiters.Truncation);
            case [(byte)'H'] or [(byte)'N']:
                return true;
            case [(byte)'X', ..]:
                return TryHexadecimal(body[1..], output);
            case [(byte)'.', ..]:
                return TryFormat(body[1..], output);
            case [(byte)'C' or (byte)'M', ..] when message.Charset.Switches:
                return TryDesignate(body[1..], sequence, output);
            default:
                return false;
        }
    }

    private static bool Put(ArrayBufferWriter<byte> output, byte value)
    {
        if (value == 0)
        {
            return false;
        }

        output.Write([value]);
        return true;
    }

    private static bool TryHexadecimal(ReadOnlySpan<byte> digits, ArrayBufferWriter<byte> output)
    {
        if (digits.IsEmpty || digits.Length % 2 != 0)
        {
            return false;
        }

        var target = output.GetSpan(digits.Length / 2);
        if (Convert.FromHexString(digits, target, out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        output.Advance(written);
        return true;
    }

    // Formatting commands of FT. Layout that plain text cannot show (indents, fill mode) is dropped.
    private static bool TryFormat(ReadOnlySpan<byte> command, ArrayBufferWriter<byte> output)
    {
        if (command.Length < 2)
        {
            return false;
        }

        var name = (char.ToLowerInvariant((char)command[0]), char.ToLowerInvariant((char)command[1]));
        var number = command[2..];
        switch (name)
        {
            case ('b', 'r') when number.IsEmpty:
            case ('c', 'e') when number.IsEmpty:
                return Fill(output, Lf, 1);
            case ('s', 'p') when TryCount(number, out var lines):
                return Fill(output, Lf, lines);
            case ('s', 'k') when TryCount(number, out var spaces):
                return Fill(output, (byte)' ', spaces);
            case ('f', 'i') or ('n', 'f') when number.IsEmpty:
            case ('i', 'n') or ('t', 'i') when IsSignedNumber(number):
                return true;
            default:
                return false;
        }
    }

    private static bool Fill(ArrayBufferWriter<byte> output, byte value, int count)
    {
        output.GetSpan(count)[..count].Fill(value);
        output.Advance(count);
        return true;
    }

    private static bool TryCount(ReadOnlySpan<byte> number, out int count)
    {
        number = number is [(byte)'+', .. var rest] ? rest : number;
        number = number.Trim((byte)' ');
        if (number.IsEmpty)
        {
            count = 1;
            return true;
        }

        var known = Utf8Parser.TryParse(number, out count, out var used) && used == number.Length && count >= 0;
        count = Math.Min(count, SkipLimit);
        return known;
    }

    private static bool IsSignedNumber(ReadOnlySpan<byte> number) =>
        number.IsEmpty || (Utf8Parser.TryParse(number.Trim((byte)' '), out int _, out var used) && used == number.Trim((byte)' ').Length);

    // Written back as the ISO 2022 sequence that it stands for; the reader of those does the rest.
    private static bool TryDesignate(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> sequence, ArrayBufferWriter<byte> output)
    {
        if (!Iso2022Designation.TryRead(sequence, sequence[0], out _))
        {
            return false;
        }

        Put(output, Esc);
        return TryHexadecimal(digits, output);
    }
}
