using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Lineage;

/// <summary>Which fields of which segments have been read: two words of bits a segment, fields 1 to 127.</summary>
internal sealed class FieldUse(Hl7Message message)
{
    private readonly ulong[] _read = new ulong[message.SegmentCount * 2];
    private List<string>? _extra;

    public void Read(Hl7Segment segment, int field)
    {
        if ((uint)field < 128)
        {
            _read[(segment.Index * 2) + (field >> 6)] |= 1UL << field;
        }
    }

    /// <summary>A coordinate of its own, such as a repetition that a single-valued element has no room for.</summary>
    public void Unread(string location) => (_extra ??= []).Add(location);

    /// <summary>Coordinates of all populated fields that nothing has read, in message order; the delimiters in MSH are no data.</summary>
    public IEnumerable<string> Unmapped()
    {
        foreach (var segment in message.Segments)
        {
            for (var field = segment.Is("MSH") ? 3 : 1; field <= segment.FieldCount; field++)
            {
                var isRead = field < 128 && (_read[(segment.Index * 2) + (field >> 6)] & (1UL << field)) != 0;
                if (!isRead && !segment[field].IsEmpty)
                {
                    yield return segment[field].Location;
                }
            }
        }

        foreach (var location in _extra ?? [])
        {
            yield return location;
        }
    }
}
