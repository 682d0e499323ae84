using System.Buffers;
using System.Text;
using FhirFacade.Hl7v2.Framing;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Hl7v2.Tests.Framing;

public class MllpReaderTests
{
    private const string Vt = "\u000B";
    private const string Fs = "\u001C";

    /// <summary>Bytes of a connection (V is VT, F is FS, R is CR, N is LF) and the frames in them; ! is a report of garbage, # one of a frame too large.</summary>
    public static TheoryData<string, string[]> Streams => new()
    {
        { "VaFR", ["a"] },
        { "VaFRVbFR", ["a", "b"] },
        { "VFR", [""] },
        { "VaFRRNVbFR", ["a", "b"] },
        { "VaFVbFR", ["a", "b"] },
        { "VaFNVbF", ["a", "b"] },
        { "VaRbFR", ["aRb"] },
        { "Va", [] },
        { "V", [] },
        { "", [] },
        { "RN", [] },
        { "xyzVaFR", ["!xyz", "a"] },
        { "VaFRxVbFR", ["a", "!Rx", "b"] },
        { "RNxVaFR", ["!RNx", "a"] },
        { "FRVaFR", ["!FR", "a"] },
        { "VMSH-1VMSH-2FR", ["!MSH-1", "MSH-2"] },
        { "VMSH-1VMSH-2VMSH-3FR", ["!MSH-1VMSH-2", "MSH-3"] },
        { "VaVbFR", ["aVb"] },
        { "VaVMSFR", ["aVMS"] },
        { "VVMSH-1FR", ["!", "MSH-1"] },
        { "V12345678901234567890FRVbFR", ["12345678901234567890", "b"] },
        { "V123456789012345678901FRVbFR", ["#", "b"] },
        { "V123456789012345678901", ["#"] },
        { "V1234567890123456789012345678901234567890FVbFR", ["#", "b"] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Frames_are_found_in_a_stream(string stream, string[] frames) => Assert.Equal(frames, Read([Bytes(stream)]));

    [Theory]
    [MemberData(nameof(Streams))]
    public void Frames_are_the_same_when_bytes_come_one_by_one(string stream, string[] frames) =>
        Assert.Equal(Frames(frames), Frames(Read([.. Bytes(stream).Select(b => new[] { b })])));

    [Fact]
    public void Frames_are_the_same_wherever_the_stream_is_cut()
    {
        var symbols = Gen.Elements("V", "V", "F", "F", "R", "N", "a", "MSH", "MSH", "0123456789").ListOf().Select(static p => Bytes(string.Concat(p)));
        var cuts = Gen.Choose(1, 9).ArrayOf();
        Property.Holds(symbols.Zip(cuts), static pair =>
        {
            var (bytes, sizes) = pair;
            var pieces = new List<byte[]>();
            for (int at = 0, i = 0; at < bytes.Length; i++)
            {
                var size = Math.Min(sizes.Length == 0 ? 3 : sizes[i % sizes.Length], bytes.Length - at);
                pieces.Add(bytes[at..(at + size)]);
                at += size;
            }

            var whole = Read([bytes]);
            var cut = Read([.. pieces]);
            Assert.Equal(Frames(whole), Frames(cut));
            Assert.Equal(GarbageLength(whole), GarbageLength(cut));
        }, 2000);
    }

    [Fact]
    public void What_the_writer_frames_the_reader_reads()
    {
        var messages = Gen.Choose(0, 255).Where(static b => b is not (0x0B or 0x1C)).Select(static b => (byte)b).ArrayOf().Where(static m => m.Length <= 20).ListOf();
        Property.Holds(messages, static messages =>
        {
            var writer = new ArrayBufferWriter<byte>();
            foreach (var message in messages)
            {
                MllpWriter.Write(writer, message);
            }

            Assert.Equal(messages.Select(Text), Read([writer.WrittenSpan.ToArray()]));
        });
        Assert.Equal(Bytes("VabFR"), MllpWriter.Frame("ab"u8));
    }

    [Fact]
    public void A_connection_that_closes_inside_a_frame_can_be_told()
    {
        var reader = new MllpReader();
        Assert.Equal(MllpRead.Frame, Take(reader, "VaFR"));
        Assert.False(reader.IsInsideFrame);
        Assert.Equal(MllpRead.Incomplete, Take(reader, "Vab"));
        Assert.True(reader.IsInsideFrame);

        static MllpRead Take(MllpReader reader, string text)
        {
            var buffer = new ReadOnlySequence<byte>(Bytes(text));
            return reader.TryReadFrame(ref buffer, out _);
        }
    }

    private static byte[] Bytes(string symbols) =>
        Encoding.Latin1.GetBytes(symbols.Replace("V", Vt, StringComparison.Ordinal).Replace("F", Fs, StringComparison.Ordinal)
            .Replace("R", "\r", StringComparison.Ordinal).Replace("N", "\n", StringComparison.Ordinal));

    private static string Text(byte[] bytes) => Symbols(Encoding.Latin1.GetString(bytes));

    private static string Symbols(string text) => text.Replace(Vt, "V", StringComparison.Ordinal).Replace(Fs, "F", StringComparison.Ordinal)
        .Replace("\r", "R", StringComparison.Ordinal).Replace("\n", "N", StringComparison.Ordinal);

    private static IEnumerable<string> Frames(IEnumerable<string> events) => events.Where(static e => !e.StartsWith('!'));

    // Line breaks before a frame count only if something else is reported with them.
    private static int GarbageLength(IEnumerable<string> events) =>
        events.Where(static e => e.StartsWith('!')).Sum(static e => e[1..].Replace("R", "", StringComparison.Ordinal).Replace("N", "", StringComparison.Ordinal).Length);

    private static List<string> Read(byte[][] pieces)
    {
        var events = new List<string>();
        var reader = new MllpReader(new MllpLimits(20));
        var left = Array.Empty<byte>();
        foreach (var piece in pieces)
        {
            var buffer = TwoSegments(left, piece);
            MllpRead read;
            while ((read = reader.TryReadFrame(ref buffer, out var frame)) != MllpRead.Incomplete)
            {
                var text = Symbols(Encoding.Latin1.GetString(frame));
                events.Add(read switch { MllpRead.Frame => text, MllpRead.TooLarge => "#", _ => "!" + text });
            }

            left = buffer.ToArray();
        }

        return events;
    }

    // As a pipe hands them over: what was left, then what is new.
    private static ReadOnlySequence<byte> TwoSegments(byte[] first, byte[] second)
    {
        var start = new Piece(first, 0);
        var end = new Piece(second, first.Length);
        start.Join(end);
        return new ReadOnlySequence<byte>(start, 0, end, second.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long index)
        {
            Memory = bytes;
            RunningIndex = index;
        }

        public void Join(Piece next) => Next = next;
    }
}
