using System.Buffers.Text;
using System.Numerics;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// A field, a repetition, a component or a sub-component: a slice of the received bytes with its place. Nothing is decoded or
/// allocated until <see cref="Text"/> is asked for. What does not exist is an empty element, never an exception.
/// </summary>
public readonly struct Hl7Element
{
    private readonly Hl7Message? _message;
    private readonly int _start;
    private readonly int _length;
    private readonly int _segment;
    private readonly int _field;
    private readonly int _repetition;
    private readonly int _component;
    private readonly int _subcomponent;

    internal Hl7Element(Hl7Message message, int start, int length, int segment, int field, int repetition, int component, int subcomponent)
    {
        _message = message;
        _start = start;
        _length = length;
        _segment = segment;
        _field = field;
        _repetition = repetition;
        _component = component;
        _subcomponent = subcomponent;
    }

    private enum Level
    {
        Field,
        Repetition,
        Component,
        Subcomponent,
        Literal,
    }

    /// <summary>The bytes as received, escapes and separators included.</summary>
    public ReadOnlySpan<byte> Raw => _length == 0 ? default : _message!.Slice(_start, _length);

    /// <summary>True if there is no value anywhere in it: no bytes, or separators only. "Leave as it was."</summary>
    public bool IsEmpty => _length == 0 || (IsSeparator(_message!.ScanSlice(_start, 1)[0]) && HasOnlySeparators());

    /// <summary>True for the two quotes, <c>""</c>. "Delete what was there."</summary>
    public bool IsNull => _length == 2 && Raw.SequenceEqual("\"\""u8);

    /// <summary>True if it is neither empty nor the two quotes.</summary>
    public bool HasValue => !IsEmpty && !IsNull;

    /// <summary>0 for an empty field; 1 for anything that is not a field.</summary>
    public int RepetitionCount => _length == 0 ? 0 : At == Level.Field ? 1 + Count(Separators.Repetition) : 1;

    /// <summary>Number of parts one level down: components of the (first) repetition; of a component, its sub-components. 0 if empty.</summary>
    public int ComponentCount => At switch
    {
        Level.Field => Repetition(1).ComponentCount,
        Level.Repetition => _length == 0 ? 0 : 1 + Count(Separators.Component),
        Level.Component => SubcomponentCount,
        _ => _length == 0 ? 0 : 1,
    };

    /// <summary>Number of sub-components, of the first component where this is a field or a repetition. 0 if empty.</summary>
    public int SubcomponentCount => At switch
    {
        Level.Field or Level.Repetition => Component(1).SubcomponentCount,
        Level.Component => _length == 0 ? 0 : 1 + Count(Separators.Subcomponent),
        _ => _length == 0 ? 0 : 1,
    };

    /// <summary>The repetitions of a field; none if it is empty. A repetition, a component or a sub-component is its own only one.</summary>
    public Hl7Repetitions Repetitions => new(this);

    /// <summary>
    /// The whole element as text: decoded from the message's character set, escape sequences resolved, formatting turned into plain
    /// text (<c>\.br\</c> is a line feed, highlighting is dropped). Separators below this level stay as they are. Local (<c>\Z..\</c>) and
    /// unknown sequences and lone escape characters stay. Empty for an empty element; the two quotes for a null.
    /// </summary>
    public string Text => _length == 0 ? "" : At == Level.Literal ? _message!.Encoding.GetString(Raw) : EscapeReader.Decode(_message!, Raw, Scan);

    /// <summary>
    /// What a reader that expects a simple type takes: the text of the first sub-component of the first component of the first
    /// repetition; empty where that is null (<c>""</c>).
    /// </summary>
    public string Value
    {
        get
        {
            var first = Subcomponent(1);
            return first.IsNull ? "" : first.Text;
        }
    }

    /// <summary>Its coordinate, such as <c>PID-3(2).4.1</c>; empty for an element of a segment that the message does not have.</summary>
    public string Location
    {
        get
        {
            if (_message is null)
            {
                return "";
            }

            var segment = _message[_segment];
            return new Coordinate(segment.Name, segment.Ordinal, _field, _repetition, _component, _subcomponent).ToString();
        }
    }

    private ReadOnlySpan<byte> Scan => _length == 0 ? default : _message!.ScanSlice(_start, _length);

    private Delimiters Separators => _message is null ? default : _message.Delimiters;

    private Level At =>
        _subcomponent > 0 ? Level.Subcomponent
        : _component > 0 ? Level.Component
        : _field <= 2 && _message is not null && SegmentName.IsHeader(_message.Span(_segment).Name) ? Level.Literal
        : _repetition > 0 ? Level.Repetition
        : Level.Field;

    /// <summary>Same as <see cref="Component"/>.</summary>
    public Hl7Element this[int component] => Component(component);

    /// <summary>The n-th (1-based) repetition of a field. Of anything else the first is the element itself.</summary>
    public Hl7Element Repetition(int n)
    {
        if (At != Level.Field)
        {
            return n == 1 ? this : Absent(Math.Max(1, n), _component, _subcomponent);
        }

        var (start, length) = Part(Separators.Repetition, n);
        return With(start, length, n, 0, 0);
    }

    /// <summary>
    /// The n-th (1-based) part one level down: a component of the (first) repetition; of a component, its sub-component, so that a
    /// data type is read in the same way wherever it is nested. A sub-component is its own first part.
    /// </summary>
    public Hl7Element Component(int n)
    {
        switch (At)
        {
            case Level.Field:
                return Repetition(1).Component(n);
            case Level.Component:
                return Subcomponent(n);
            case Level.Repetition:
                var (start, length) = Part(Separators.Component, n);
                return With(start, length, _repetition, n, 0);
            default:
                return n == 1 ? this : Absent(_repetition, _component, _subcomponent);
        }
    }

    /// <summary>The n-th (1-based) sub-component, of the first component where this is a field or a repetition.</summary>
    public Hl7Element Subcomponent(int n)
    {
        switch (At)
        {
            case Level.Field or Level.Repetition:
                return Component(1).Subcomponent(n);
            case Level.Component:
                var (start, length) = Part(Separators.Subcomponent, n);
                return With(start, length, _repetition, _component, n);
            default:
                return n == 1 ? this : Absent(_repetition, _component, _subcomponent);
        }
    }

    /// <summary>True if the raw bytes are exactly this ASCII text. Costs nothing: for codes.</summary>
    public bool Is(string ascii)
    {
        var raw = Raw;
        if (raw.Length != ascii.Length)
        {
            return false;
        }

        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != ascii[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True if the raw bytes are exactly these.</summary>
    public bool Is(ReadOnlySpan<byte> raw) => Raw.SequenceEqual(raw);

    /// <summary>Reads a whole number (set ids, sequence numbers), without sign or blanks.</summary>
    public bool TryGetInt32(out int value)
    {
        var raw = Raw;
        value = 0;
        return raw.Length > 0 && char.IsAsciiDigit((char)raw[0]) && Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;
    }

    /// <summary>The <see cref="Text"/>. For logs use <see cref="Location"/>: this is patient data.</summary>
    public override string ToString() => Text;

    /// <summary>Takes the repetition that starts <paramref name="offset"/> bytes into the field, and moves the offset behind it.</summary>
    internal Hl7Element TakeRepetition(ref int offset, int n)
    {
        if (At != Level.Field)
        {
            offset = _length + 1;
            return this;
        }

        var separator = Separators.Repetition;
        var rest = Scan[offset..];
        var end = separator == 0 ? -1 : rest.IndexOf(separator);
        var length = end < 0 ? rest.Length : end;
        var repetition = With(_start + offset, length, n, 0, 0);
        offset += length + 1;
        return repetition;
    }

    /// <summary>Length in bytes.</summary>
    internal int Length => _length;

    private Hl7Element With(int start, int length, int repetition, int component, int subcomponent) =>
        new(_message!, start, length, _segment, _field, repetition, component, subcomponent);

    private Hl7Element Absent(int repetition, int component, int subcomponent) =>
        new(_message!, _start + _length, 0, _segment, _field, repetition, component, subcomponent);

    private int Count(byte separator) => separator == 0 ? 0 : Scan.Count(separator);

    private bool IsSeparator(byte value)
    {
        var separators = Separators;
        return At switch
        {
            Level.Field => value == separators.Repetition || value == separators.Component || value == separators.Subcomponent,
            Level.Repetition => value == separators.Component || value == separators.Subcomponent,
            Level.Component => value == separators.Subcomponent,
            _ => false,
        };
    }

    private bool HasOnlySeparators()
    {
        foreach (var value in Scan)
        {
            if (!IsSeparator(value))
            {
                return false;
            }
        }

        return true;
    }

    // The n-th piece between separators, as offset in the message and length; past the last: an empty piece at the end.
    private (int Start, int Length) Part(byte separator, int n)
    {
        if (n < 1 || _length == 0)
        {
            return (_start, 0);
        }

        if (separator != 0 && _message!.TryFindAll(separator, _start, _length, out var places))
        {
            return PartBetween(places, n);
        }

        var rest = Scan;
        var start = _start;
        while (true)
        {
            var end = separator == 0 ? -1 : rest.IndexOf(separator);
            if (n == 1)
            {
                return (start, end < 0 ? rest.Length : end);
            }

            if (end < 0)
            {
                return (start + rest.Length, 0);
            }

            rest = rest[(end + 1)..];
            start += end + 1;
            n--;
        }
    }

    // The same, where all separators are known by their bits.
    private (int Start, int Length) PartBetween(ulong places, int n)
    {
        if (BitOperations.PopCount(places) < n - 1)
        {
            return (_start + _length, 0);
        }

        var first = 0;
        for (; n > 1; n--)
        {
            first = BitOperations.TrailingZeroCount(places) + 1;
            places &= places - 1;
        }

        return (_start + first, (places == 0 ? _length : BitOperations.TrailingZeroCount(places)) - first);
    }
}
