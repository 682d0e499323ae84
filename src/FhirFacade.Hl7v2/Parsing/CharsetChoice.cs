using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Chooses how to read the texts of a message. The rules are those of <see cref="CharsetNames"/>.</summary>
internal static class CharsetChoice
{
    public static Charset Choose(
        ReadOnlySpan<byte> bytes, SegmentSpan[] spans, int[] marks, Delimiters delimiters, CharsetRule rule, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        if (rule.Always is { } always)
        {
            return Charset.Of(always);
        }

        var declared = Declared(bytes, spans, marks);
        if (declared.IsEmpty)
        {
            return rule.WhenAbsent is { } known ? Charset.Of(known) : Undeclared(bytes);
        }

        var repetitions = declared.Split(delimiters.Repetition);
        Encoding? first = null;
        var position = 0;
        var switches = false;
        foreach (var range in repetitions)
        {
            position++;
            var name = declared[range].Trim((byte)' ');
            if (name.IsEmpty)
            {
                continue;
            }

            var encoding = CharsetNames.Find(Encoding.Latin1.GetString(name));
            if (encoding is null)
            {
                Report(Table0357.TableValueNotFound, $"MSH-18({position})".Replace("(1)", "", StringComparison.Ordinal), "MSH-18 names a character set that is not known.", ref errors);
            }
            else if (position == 1)
            {
                first = encoding;
            }
            else
            {
                switches = true;
            }
        }

        return Declared(bytes, first, switches, ref errors);
    }

    private static Charset Declared(ReadOnlySpan<byte> bytes, Encoding? first, bool switches, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        var charset = first is null ? Undeclared(bytes)
            : first.CodePage == Encoding.ASCII.CodePage ? Ascii(bytes, switches, ref errors)
            : Charset.Of(first);
        if (charset.Encoding.CodePage == Encoding.UTF8.CodePage && !Utf8.IsValid(bytes))
        {
            Report(Table0357.DataType, $"byte {ValidUtf8Length(bytes)}", "MSH-18 declares UTF-8 and this byte is none.", ref errors);
        }

        return switches && charset.Shape == CharsetShape.AsciiSafe ? charset with { Shape = CharsetShape.Iso2022, Switches = true }
            : switches ? charset with { Switches = true }
            : charset;
    }

    private static Charset Ascii(ReadOnlySpan<byte> bytes, bool switches, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        var high = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (high >= 0 && !switches)
        {
            Report(Table0357.DataType, $"byte {high}", "MSH-18 declares ASCII and this byte is none.", ref errors);
        }

        return Undeclared(bytes);
    }

    private static Charset Undeclared(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Charset.Utf8 : Charset.Latin1;

    // MSH-18 lies between the 17th and the 18th mark of the first segment.
    private static ReadOnlySpan<byte> Declared(ReadOnlySpan<byte> bytes, SegmentSpan[] spans, int[] marks)
    {
        const int Before = 16;
        var count = spans[1].FirstMark;
        if (count <= Before)
        {
            return default;
        }

        var start = marks[Before] + 1;
        var end = count > Before + 1 ? marks[Before + 1] : spans[0].End;
        var value = bytes[start..end].Trim((byte)' ');
        return value.SequenceEqual("\"\""u8) ? default : value;
    }

    private static int ValidUtf8Length(ReadOnlySpan<byte> bytes)
    {
        var length = 0;
        while (Rune.DecodeFromUtf8(bytes[length..], out _, out var used) == System.Buffers.OperationStatus.Done)
        {
            length += used;
        }

        return length;
    }

    private static void Report(int code, string location, string rule, ref ImmutableArray<Hl7Error>.Builder? errors)
    {
        errors ??= ImmutableArray.CreateBuilder<Hl7Error>();
        errors.Add(new Hl7Error(code, Hl7Severity.Warning, location, rule));
    }
}
