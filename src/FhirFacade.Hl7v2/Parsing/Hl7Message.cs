using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// One HL7 v2 message: an index over the received bytes, nothing copied. Immutable and safe for concurrent readers; the bytes
/// must not change as long as it lives.
/// </summary>
public sealed class Hl7Message
{
    // Slices of arrays are had for less than those of memory, and a message is sliced thousands of times.
    private readonly ArraySegment<byte> _bytes;

    // The same bytes, or (character sets whose characters may contain delimiter bytes) a copy in which those are blanked.
    private readonly ArraySegment<byte> _scan;
    private readonly SegmentSpan[] _spans;
    private readonly int[] _marks;
    private int[]? _ordinals;

    internal Hl7Message(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> scan, Delimiters delimiters, Charset charset, SegmentSpan[] spans, int[] marks)
    {
        Bytes = bytes;
        _bytes = ArrayOf(bytes);
        _scan = scan.Equals(bytes) ? _bytes : ArrayOf(scan);
        Delimiters = delimiters;
        Charset = charset;
        _spans = spans;
        _marks = marks;
    }

    /// <summary>The bytes as received; every offset counts from their start.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>MSH-1 and MSH-2.</summary>
    public Delimiters Delimiters { get; }

    /// <summary>The encoding in which texts are read: MSH-18, or what stands in for it (see <see cref="CharsetNames"/>).</summary>
    public Encoding Encoding => Charset.Encoding;

    /// <summary>Number of segments.</summary>
    public int SegmentCount => _spans.Length - 1;

    /// <summary>All segments in message order.</summary>
    public Hl7Segments Segments => new(this, 0);

    /// <summary>MSH-3.</summary>
    public Hl7Element SendingApplication => Header(3);

    /// <summary>MSH-4.</summary>
    public Hl7Element SendingFacility => Header(4);

    /// <summary>MSH-5.</summary>
    public Hl7Element ReceivingApplication => Header(5);

    /// <summary>MSH-6.</summary>
    public Hl7Element ReceivingFacility => Header(6);

    /// <summary>MSH-9.1, such as <c>ADT</c>.</summary>
    public string MessageCode => Header(9)[1].Text;

    /// <summary>MSH-9.2, such as <c>A01</c>; empty where the sender gives none. See <see cref="Structures.MessageType"/>.</summary>
    public string TriggerEvent => Header(9)[2].Text;

    /// <summary>MSH-9.3 as sent, such as <c>ADT_A01</c>; may be empty or wrong. See <see cref="Structures.MessageType"/>.</summary>
    public string Structure => Header(9)[3].Text;

    /// <summary>MSH-10.</summary>
    public string ControlId => Header(10).Text;

    /// <summary>MSH-12.1, such as <c>2.5.1</c>.</summary>
    public string Version => Header(12)[1].Text;

    internal Charset Charset { get; }

    /// <summary>The segment at a 0-based position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such segment.</exception>
    public Hl7Segment this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SegmentCount);
            return new Hl7Segment(this, index);
        }
    }

    /// <summary>Indexes one message. Content never makes it throw. For files and batches see <see cref="Framing.BatchReader"/>.</summary>
    public static Hl7ParseResult Parse(ReadOnlyMemory<byte> bytes) => MessageReader.Read(bytes, CharsetRule.Declared);

    /// <summary>Indexes one message whose character set is known otherwise than by MSH-18.</summary>
    /// <param name="bytes">One message.</param>
    /// <param name="charset">What to take in place of a missing or a wrong MSH-18.</param>
    public static Hl7ParseResult Parse(ReadOnlyMemory<byte> bytes, CharsetRule charset) => MessageReader.Read(bytes, charset);

    /// <summary>The first segment of a name, or null.</summary>
    public Hl7Segment? First(string name) => Nth(name, 1);

    /// <summary>The n-th (1-based) segment of a name, or null.</summary>
    public Hl7Segment? Nth(string name, int ordinal)
    {
        var index = Find(SegmentName.Pack(name), ordinal);
        return index < 0 ? null : new Hl7Segment(this, index);
    }

    /// <summary>The segments of a name in message order.</summary>
    public Hl7Segments SegmentsNamed(string name)
    {
        var packed = SegmentName.Pack(name);
        return new Hl7Segments(this, packed == 0 ? -1 : packed);
    }

    /// <summary>The element at a coordinate such as <c>PID-3(2).4.1</c>; an empty one if the message does not have it.</summary>
    /// <exception cref="FormatException">The text is not a coordinate with a field.</exception>
    public Hl7Element Get(string coordinate) => Get(Coordinate.Parse(coordinate));

    /// <summary>The element at a coordinate; an empty one if the message does not have it.</summary>
    /// <exception cref="FormatException">The coordinate names no field.</exception>
    public Hl7Element Get(Coordinate coordinate)
    {
        if (coordinate.Field == 0)
        {
            throw new FormatException("The coordinate names no field.");
        }

        var index = Find(SegmentName.Pack(coordinate.Segment), Math.Max(1, coordinate.Ordinal));
        if (index < 0)
        {
            return default;
        }

        var element = new Hl7Segment(this, index)[coordinate.Field];
        if (coordinate.Repetition > 0)
        {
            element = element.Repetition(coordinate.Repetition);
        }

        if (coordinate.Component > 0)
        {
            element = element.Component(coordinate.Component);
        }

        return coordinate.Subcomponent > 0 ? element.Subcomponent(coordinate.Subcomponent) : element;
    }

    internal ref readonly SegmentSpan Span(int segment) => ref _spans[segment];

    internal ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    internal ReadOnlySpan<byte> ScanSlice(int start, int length) => _scan.AsSpan(start, length);

    /// <summary>
    /// Where a separator stands in a slice of at most 64 bytes: bit n for byte n. False if the slice is longer, or so near to the end of the array
    /// that 64 bytes cannot be looked at.
    /// </summary>
    internal bool TryFindAll(byte separator, int start, int length, out ulong places)
    {
        const int Width = 64;
        places = 0;
        var at = _scan.Offset + start;
        if (length > Width || _scan.Array!.Length - at < Width)
        {
            return false;
        }

        places = Vector512.Equals(Vector512.Create<byte>(_scan.Array.AsSpan(at, Width)), Vector512.Create(separator)).ExtractMostSignificantBits();
        places &= length == Width ? ulong.MaxValue : (1UL << length) - 1;
        return true;
    }

    /// <summary>Positions of the field separators of a segment.</summary>
    internal ReadOnlySpan<int> Marks(int segment)
    {
        var first = _spans[segment].FirstMark;
        return _marks.AsSpan(first, _spans[segment + 1].FirstMark - first);
    }

    /// <summary>1-based among the segments of the same name.</summary>
    internal int Ordinal(int segment) => (_ordinals ??= CountOrdinals())[segment];

    internal int Find(int packedName, int ordinal)
    {
        for (var i = 0; i < SegmentCount; i++)
        {
            if (_spans[i].Name == packedName && --ordinal == 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static ArraySegment<byte> ArrayOf(ReadOnlyMemory<byte> memory) => MemoryMarshal.TryGetArray(memory, out var array) ? array : new(memory.ToArray());

    private Hl7Element Header(int field) => new Hl7Segment(this, 0)[field];

    // Only asked for when a place is to be named; two threads may both count, with the same outcome.
    private int[] CountOrdinals()
    {
        var ordinals = new int[SegmentCount];
        var seen = new Dictionary<int, int>();
        for (var i = 0; i < ordinals.Length; i++)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, _spans[i].Name, out _);
            ordinals[i] = ++count;
        }

        return ordinals;
    }
}
