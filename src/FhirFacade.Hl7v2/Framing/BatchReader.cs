using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Hl7v2.Framing;

/// <summary>
/// Takes files and request bodies apart into messages: one message, several one after the other, the batch protocol (FHS, BHS, BTS,
/// FTS), with or without MLLP framing bytes and byte order marks. Never throws on content; nothing is copied.
/// </summary>
public static class BatchReader
{
    /// <summary>Finds the messages. A part that cannot be read does not hide the others.</summary>
    public static BatchContent Read(ReadOnlyMemory<byte> input)
    {
        var pass = new Pass(input);
        pass.Run();
        return pass.Content();
    }

    private sealed class Pass(ReadOnlyMemory<byte> input)
    {
        private readonly ImmutableArray<BatchPart>.Builder _messages = ImmutableArray.CreateBuilder<BatchPart>();
        private readonly ImmutableArray<Hl7Error>.Builder _errors = ImmutableArray.CreateBuilder<Hl7Error>();

        // Each MSH-1, FHS-1 and BHS-1 that was seen, and the recommended one.
        private readonly HashSet<byte> _separators = [(byte)'|'];
        private int _messageStart = -1;
        private int _strayStart = -1;
        private int _batches;
        private int _batchMessages;
        private int _batchTrailers;
        private int _fileTrailers;

        public void Run()
        {
            var bytes = input.Span;
            var position = 0;
            while (position < bytes.Length)
            {
                var line = bytes[position..];
                var skip = FramingLength(line);
                line = line[skip..];
                if (line.IsEmpty)
                {
                    break;
                }

                var length = line.IndexOfAny(MllpBytes.CarriageReturn, MllpBytes.LineFeed, MllpBytes.EndBlock);
                Line(position + skip, length < 0 ? line : line[..length]);
                position += skip + (length < 0 ? line.Length : length + 1);
            }

            Close(bytes.Length);
        }

        public BatchContent Content()
        {
            if (_messages.Count == 0)
            {
                Report(Table0357.SegmentSequence, Hl7Severity.Error, "byte 0", "There is no message: no line starts with the segment MSH.");
            }

            return new BatchContent(_messages.ToImmutable(), _errors.ToImmutable());
        }

        private static int FramingLength(ReadOnlySpan<byte> line)
        {
            var length = 0;
            while (true)
            {
                if (length < line.Length && line[length] is MllpBytes.StartBlock or MllpBytes.EndBlock)
                {
                    length++;
                }
                else if (line[length..].StartsWith("\uFEFF"u8))
                {
                    length += 3;
                }
                else
                {
                    return length;
                }
            }
        }

        private void Line(int offset, ReadOnlySpan<byte> line)
        {
            var name = IsHeader(line) || IsTrailer(line) ? line[..3] : default;
            if (name.SequenceEqual("MSH"u8))
            {
                Close(offset);
                _separators.Add(line[3]);
                _messageStart = offset;
                _batchMessages++;
            }
            else if (name.SequenceEqual("FHS"u8))
            {
                Close(offset);
                _separators.Add(line[3]);
            }
            else if (name.SequenceEqual("BHS"u8))
            {
                Close(offset);
                _separators.Add(line[3]);
                _batches++;
                _batchMessages = 0;
            }
            else if (name.SequenceEqual("BTS"u8))
            {
                Close(offset);
                Check(line, _batchMessages, Place("BTS", ++_batchTrailers), "BTS-1 does not agree with the number of messages in the batch.");
                _batchMessages = 0;
            }
            else if (name.SequenceEqual("FTS"u8))
            {
                Close(offset);
                Check(line, _batches, Place("FTS", ++_fileTrailers), "FTS-1 does not agree with the number of batches in the file.");
                _batches = 0;
            }
            else if (_messageStart < 0 && _strayStart < 0 && line.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                _strayStart = offset;
                Report(Table0357.SegmentSequence, Hl7Severity.Error, string.Create(CultureInfo.InvariantCulture, $"byte {offset}"), "These lines belong to no message: MSH is missing.");
            }
        }

        // A text may have a line that starts with MSH ("MSH: slightly raised"). A header has a separator that is known here, or
        // further ones behind it.
        private bool IsHeader(ReadOnlySpan<byte> line) =>
            line.Length >= 4
            && (line.StartsWith("MSH"u8) || line.StartsWith("FHS"u8) || line.StartsWith("BHS"u8))
            && (_separators.Contains(line[3]) || (line.Length > 4 && CanSeparate(line[3]) && CanSeparate(line[4])));

        private bool IsTrailer(ReadOnlySpan<byte> line) =>
            (line.StartsWith("BTS"u8) || line.StartsWith("FTS"u8)) && (line.Length == 3 || _separators.Contains(line[3]));

        private static bool CanSeparate(byte value) => value is > 0x20 and < 0x7F && !char.IsAsciiLetterOrDigit((char)value);

        // Ends what is open: a message, or lines that belong to none.
        private void Close(int end)
        {
            if (_messageStart >= 0)
            {
                var trimmed = input.Span[_messageStart..end].TrimEnd("\r\n\u000B\u001C"u8);
                trimmed = trimmed.EndsWith("\uFEFF"u8) ? trimmed[..^3].TrimEnd("\r\n\u000B\u001C"u8) : trimmed;
                _messages.Add(new BatchPart(_messages.Count + 1, _messageStart, input.Slice(_messageStart, trimmed.Length)));
            }

            _messageStart = -1;
            _strayStart = -1;
        }

        // The count is optional; blanks around it are not worth a report.
        private void Check(ReadOnlySpan<byte> trailer, int count, string location, string rule)
        {
            var field = trailer.Length > 4 ? trailer[4..] : default;
            var end = field.IndexOf(trailer.Length > 3 ? trailer[3] : (byte)0);
            field = (end < 0 ? field : field[..end]).Trim((byte)' ');
            if (!field.IsEmpty && (!int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var declared) || declared != count))
            {
                Report(Table0357.OtherHl7Error, Hl7Severity.Warning, location, rule);
            }
        }

        private static string Place(string name, int ordinal) => new Coordinate(name, ordinal, 1).ToString();

        private void Report(int code, Hl7Severity severity, string location, string rule) => _errors.Add(new Hl7Error(code, severity, location, rule));
    }
}
