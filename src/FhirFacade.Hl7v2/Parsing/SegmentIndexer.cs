using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// The one pass over the bytes: finds segments and field separators, nothing else. Sixty-four bytes at a time are compared with the three
/// bytes that matter; what is found is a bit mask, so that text costs nothing and a separator one store.
/// </summary>
internal ref struct SegmentIndexer
{
    private const byte Cr = 13;
    private const byte Lf = 10;
    private const int Block = 64;

    private readonly ReadOnlySpan<byte> _scan;
    private readonly byte _separator;
    private int[] _marks;
    private int _markCount;
    private SegmentSpan[] _spans;
    private int _spanCount;
    private int _lineStart;
    private int _lineMark;
    private List<int>? _joined;

    private SegmentIndexer(ReadOnlySpan<byte> scan, int start, byte separator)
    {
        _scan = scan;
        _separator = separator;
        _lineStart = start;
        _marks = ArrayPool<int>.Shared.Rent(Math.Max(4 * Block, scan.Length / 5));
        _spans = ArrayPool<SegmentSpan>.Shared.Rent(64);
    }

    /// <summary>Indexes from the first byte of the MSH segment to the end.</summary>
    /// <param name="scan">All bytes of the message, with delimiters inside multi-byte characters blanked.</param>
    /// <param name="start">Offset of the MSH segment.</param>
    /// <param name="separator">The field separator.</param>
    /// <param name="joined">Indices of segments that were continued over a line break; null if there were none.</param>
    /// <returns>The segments, with one more behind the last that ends its marks; and the offsets of all field separators.</returns>
    public static (SegmentSpan[] Spans, int[] Marks) Index(ReadOnlySpan<byte> scan, int start, byte separator, out List<int>? joined)
    {
        var indexer = new SegmentIndexer(scan, start, separator);
        indexer.Run(start);
        var spans = new SegmentSpan[indexer._spanCount + 1];
        indexer._spans.AsSpan(0, indexer._spanCount).CopyTo(spans);
        spans[^1] = new SegmentSpan(scan.Length, scan.Length, indexer._markCount, 0);
        var marks = indexer._marks.AsSpan(0, indexer._markCount).ToArray();
        ArrayPool<int>.Shared.Return(indexer._marks);
        ArrayPool<SegmentSpan>.Shared.Return(indexer._spans);
        joined = indexer._joined;
        return (spans, marks);
    }

    private void Run(int position)
    {
        ref var first = ref MemoryMarshal.GetReference(_scan);
        if (Vector256.IsHardwareAccelerated)
        {
            var separator = Vector256.Create(_separator);
            var cr = Vector256.Create(Cr);
            var lf = Vector256.Create(Lf);
            for (; position <= _scan.Length - Block; position += Block)
            {
                var low = Vector256.LoadUnsafe(ref first, (nuint)position);
                var high = Vector256.LoadUnsafe(ref first, (nuint)position + 32);
                Take(
                    position,
                    Mask(Vector256.Equals(low, separator), Vector256.Equals(high, separator)),
                    Mask(Vector256.Equals(low, cr) | Vector256.Equals(low, lf), Vector256.Equals(high, cr) | Vector256.Equals(high, lf)));
            }
        }

        else if (Vector128.IsHardwareAccelerated)
        {
            for (; position <= _scan.Length - Block; position += Block)
            {
                ulong separators = 0, lineEnds = 0;
                for (var part = 0; part < Block; part += Vector128<byte>.Count)
                {
                    var bytes = Vector128.LoadUnsafe(ref first, (nuint)(position + part));
                    separators |= (ulong)Vector128.Equals(bytes, Vector128.Create(_separator)).ExtractMostSignificantBits() << part;
                    lineEnds |= (ulong)(Vector128.Equals(bytes, Vector128.Create(Cr)) | Vector128.Equals(bytes, Vector128.Create(Lf))).ExtractMostSignificantBits() << part;
                }

                Take(position, separators, lineEnds);
            }
        }

        // The rest, or everything where there are no vectors.
        for (; position < _scan.Length; position += Block)
        {
            var block = _scan[position..Math.Min(_scan.Length, position + Block)];
            ulong separators = 0, lineEnds = 0;
            for (var i = 0; i < block.Length; i++)
            {
                separators |= (block[i] == _separator ? 1UL : 0) << i;
                lineEnds |= (block[i] is Cr or Lf ? 1UL : 0) << i;
            }

            Take(position, separators, lineEnds);
        }

        CloseLine(_scan.Length);
    }

    private static ulong Mask(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);

    private void Take(int position, ulong separators, ulong lineEnds)
    {
        if (_marks.Length - _markCount < Block)
        {
            Grow(ref _marks, _markCount);
        }

        while (lineEnds != 0)
        {
            var end = BitOperations.TrailingZeroCount(lineEnds);
            var before = separators & ((1UL << end) - 1);
            Mark(position, before);
            separators ^= before;
            CloseLine(position + end);
            lineEnds &= lineEnds - 1;
        }

        Mark(position, separators);
    }

    private void Mark(int position, ulong separators)
    {
        var marks = _marks;
        var count = _markCount;
        while (separators != 0)
        {
            marks[count++] = position + BitOperations.TrailingZeroCount(separators);
            separators &= separators - 1;
        }

        _markCount = count;
    }

    // A line that is not a segment is text that the sender failed to escape: it belongs to the last field of the segment before it,
    // and the separators that it holds go on counting from there.
    private void CloseLine(int end)
    {
        var line = _scan[_lineStart..end];
        if (IsSegment(line))
        {
            if (_spanCount == _spans.Length)
            {
                Grow(ref _spans, _spanCount);
            }

            _spans[_spanCount++] = new SegmentSpan(_lineStart, end, _lineMark, SegmentName.Pack(line));
        }
        else if (line.ContainsAnyExceptInRange((byte)0, (byte)' ') && _spanCount > 0)
        {
            Join(end);
        }

        _lineStart = end + 1;
        _lineMark = _markCount;
    }

    private void Join(int end)
    {
        var segment = _spanCount - 1;
        _spans[segment] = _spans[segment] with { End = end };
        _joined ??= [];
        if (_joined.Count == 0 || _joined[^1] != segment)
        {
            _joined.Add(segment);
        }
    }

    private readonly bool IsSegment(ReadOnlySpan<byte> line) =>
        line.Length >= 3 && (line.Length == 3 || line[3] == _separator) && SegmentName.IsWellFormed(line);

    private static void Grow<T>(ref T[] array, int used)
    {
        var larger = ArrayPool<T>.Shared.Rent(array.Length * 2);
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
