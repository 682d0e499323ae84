namespace FhirFacade.Hl7v2.Parsing;

/// <summary>One segment of a message.</summary>
public readonly struct Hl7Segment
{
    private readonly Hl7Message _message;

    internal Hl7Segment(Hl7Message message, int index)
    {
        _message = message;
        Index = index;
    }

    /// <summary>Three characters, such as <c>PID</c>.</summary>
    public string Name => SegmentName.ToText(Span.Name);

    /// <summary>0-based position in the message.</summary>
    public int Index { get; }

    /// <summary>1-based among the segments of the same name.</summary>
    public int Ordinal => _message.Ordinal(Index);

    /// <summary>The message it belongs to.</summary>
    public Hl7Message Message => _message;

    /// <summary>Number of the last field that has a separator before it. In MSH, FHS and BHS the separator itself is field 1.</summary>
    public int FieldCount => _message.Marks(Index).Length + (IsHeader ? 1 : 0);

    /// <summary>The bytes of the segment without its terminator.</summary>
    public ReadOnlySpan<byte> Raw
    {
        get
        {
            ref readonly var span = ref Span;
            return _message.Slice(span.Start, span.End - span.Start);
        }
    }

    /// <summary>Its coordinate, such as <c>OBX(3)</c>.</summary>
    public string Location => new Coordinate(Name, Ordinal).ToString();

    /// <summary>True for MSH, FHS and BHS, whose first field is the field separator and whose second is never split.</summary>
    internal bool IsHeader => SegmentName.IsHeader(Span.Name);

    private ref readonly SegmentSpan Span => ref _message.Span(Index);

    /// <summary>The field of a 1-based number, MSH-1 being the separator itself; an empty element where there is none.</summary>
    public Hl7Element this[int field]
    {
        get
        {
            var marks = _message.Marks(Index);
            ref readonly var span = ref Span;
            var number = field;
            if (SegmentName.IsHeader(span.Name))
            {
                if (field == 1 && marks.Length > 0)
                {
                    return new Hl7Element(_message, marks[0], 1, Index, 1, 0, 0, 0);
                }

                number--;
            }

            // One unsigned comparison for both ends.
            if ((uint)(number - 1) >= (uint)marks.Length)
            {
                return new Hl7Element(_message, span.End, 0, Index, field, 0, 0, 0);
            }

            var start = marks[number - 1] + 1;
            var end = number < marks.Length ? marks[number] : span.End;
            return new Hl7Element(_message, start, end - start, Index, field, 0, 0, 0);
        }
    }

    /// <summary>True if this is the segment's name.</summary>
    public bool Is(string name) => SegmentName.Pack(name) == Span.Name;
}
