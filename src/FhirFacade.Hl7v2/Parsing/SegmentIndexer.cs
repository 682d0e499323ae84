using System.Buffers;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>The one pass over the bytes: finds segments and field separators, nothing else.</summary>
internal static class SegmentIndexer
{
    private const byte Cr = 13;
    private const byte Lf = 10;

    /// <summary>Indexes from the first byte of the MSH segment to the end.</summary>
    /// <param name="scan">All bytes of the message, with delimiters inside multi-byte characters blanked.</param>
    /// <param name="start">Offset of the MSH segment.</param>
    /// <param name="separator">The field separator.</param>
    /// <param name="joined">Indices of segments that were continued over a line break; null if there were none.</param>
    public static (SegmentSpan[] Spans, int[] Marks) Index(ReadOnlySpan<byte> scan, int start, byte separator, out List<int>? joined)
    {
        joined = null;
        var marks = ArrayPool<int>.Shared.Rent(Math.Max(64, scan.Length / 6));
        var spans = ArrayPool<SegmentSpan>.Shared.Rent(64);
        int markCount = 0, spanCount = 0, lineStart = start, lineMark = 0;
        try
        {
            var position = start;
            while (true)
            {
                var next = scan[position..].IndexOfAny(separator, Cr, Lf);
                var end = next < 0 ? scan.Length : position + next;
                if (end < scan.Length && scan[end] == separator)
                {
                    if (markCount == marks.Length)
                    {
                        Grow(ref marks);
                    }

                    marks[markCount++] = end;
                }
                else
                {
                    CloseLine(scan, separator, lineStart, end, lineMark, ref spans, ref spanCount, ref joined);
                    lineStart = end + 1;
                    lineMark = markCount;
                }

                if (end >= scan.Length)
                {
                    break;
                }

                position = end + 1;
            }

            var spanArray = new SegmentSpan[spanCount + 1];
            spans.AsSpan(0, spanCount).CopyTo(spanArray);
            spanArray[spanCount] = new SegmentSpan(scan.Length, scan.Length, markCount, 0);
            return (spanArray, marks.AsSpan(0, markCount).ToArray());
        }
        finally
        {
            ArrayPool<int>.Shared.Return(marks);
            ArrayPool<SegmentSpan>.Shared.Return(spans);
        }
    }

    // A line that is not a segment is text that the sender failed to escape: it belongs to the last field of the segment before it,
    // and the separators that it holds go on counting from there.
    private static void CloseLine(
        ReadOnlySpan<byte> scan, byte separator, int start, int end, int firstMark, ref SegmentSpan[] spans, ref int count, ref List<int>? joined)
    {
        if (start == end)
        {
            return;
        }

        if (IsSegment(scan[start..end], separator))
        {
            if (count == spans.Length)
            {
                Grow(ref spans);
            }

            spans[count++] = new SegmentSpan(start, end, firstMark, SegmentName.Pack(scan.Slice(start, 3)));
        }
        else if (count > 0 && scan[start..end].ContainsAnyExcept((byte)' ', (byte)'\t'))
        {
            spans[count - 1] = spans[count - 1] with { End = end };
            joined ??= [];
            if (joined.Count == 0 || joined[^1] != count - 1)
            {
                joined.Add(count - 1);
            }
        }
    }

    private static bool IsSegment(ReadOnlySpan<byte> line, byte separator) =>
        line.Length >= 3 && (line.Length == 3 || line[3] == separator) && SegmentName.IsWellFormed(line);

    private static void Grow<T>(ref T[] array)
    {
        var larger = ArrayPool<T>.Shared.Rent(array.Length * 2);
        array.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
