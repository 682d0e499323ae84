namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Where a segment lies. Its field separators are the marks from <see cref="FirstMark"/> up to the next span's.</summary>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="End">Offset behind its last byte, without the terminator.</param>
/// <param name="FirstMark">Index of its first field separator among the marks of the message.</param>
/// <param name="Name">Its name, see <see cref="SegmentName"/>.</param>
internal readonly record struct SegmentSpan(int Start, int End, int FirstMark, int Name);
