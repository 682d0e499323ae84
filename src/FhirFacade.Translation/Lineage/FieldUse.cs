using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Lineage;

/// <summary>Which fields of which segments have been read: two words of bits a segment, fields 1 to 127.</summary>
internal sealed class FieldUse(Hl7Message message)
{
    private readonly ulong[] _read = new ulong[message.SegmentCount * 2];
    private List<(int Segment, int Field, string Location)>? _skipped;
    private HashSet<(int Segment, int Field)>? _complete;

    public void Read(Hl7Segment segment, int field)
    {
        if ((uint)field < 128)
        {
            _read[(segment.Index * 2) + (field >> 6)] |= 1UL << field;
        }
    }

    /// <summary>True if something has read the field.</summary>
    public bool IsRead(Hl7Segment segment, int field) => (uint)field < 128 && (_read[(segment.Index * 2) + (field >> 6)] & (1UL << field)) != 0;

    /// <summary>A repetition for which a single-valued element has no room. It counts as unread unless another map takes them all.</summary>
    public void Skipped(Hl7Segment segment, int field, string location) => (_skipped ??= []).Add((segment.Index, field, location));

    /// <summary>A map took the repetitions of the field beyond the first.</summary>
    public void TookAll(Hl7Segment segment, int field) => (_complete ??= []).Add((segment.Index, field));

    /// <summary>Coordinates of all populated fields that nothing has read, in message order; the delimiters in MSH are no data.</summary>
    public IEnumerable<string> Unmapped()
    {
        foreach (var segment in message.Segments)
        {
            for (var field = segment.Is("MSH") ? 3 : 1; field <= segment.FieldCount; field++)
            {
                if (!IsRead(segment, field) && !segment[field].IsEmpty)
                {
                    yield return segment[field].Location;
                }
            }
        }

        foreach (var (segment, field, location) in _skipped ?? [])
        {
            if (_complete?.Contains((segment, field)) != true)
            {
                yield return location;
            }
        }
    }
}
