using System.Globalization;
using System.Text;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>
/// A place in a message in HL7's own words, everything 1-based: <c>PID</c>, <c>PID-3</c>, <c>PID-3(2).4.1</c>, <c>OBX(3)-5</c>.
/// Zero stands for a part that is not given.
/// </summary>
/// <param name="Segment">Three characters.</param>
/// <param name="Ordinal">Which of the segments with this name; 0 is read as the first.</param>
/// <param name="Field">Field number; 0 means the segment as a whole.</param>
/// <param name="Repetition">Repetition; 0 means the field as a whole (components are then those of the first).</param>
/// <param name="Component">Component number.</param>
/// <param name="Subcomponent">Sub-component number.</param>
public readonly record struct Coordinate(string Segment, int Ordinal = 0, int Field = 0, int Repetition = 0, int Component = 0, int Subcomponent = 0)
{
    /// <summary>Reads a coordinate. False if the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Coordinate coordinate)
    {
        coordinate = default;
        if (text.Length < 3 || !IsName(text[..3]))
        {
            return false;
        }

        var name = text[..3];
        var rest = text[3..];
        int field = 0, repetition = 0, component = 0, subcomponent = 0;
        if (!TryTakeIndex(ref rest, out var ordinal))
        {
            return false;
        }

        if (rest.Length > 0 && (!TryTakeNumber(ref rest, '-', out field) || !TryTakeIndex(ref rest, out repetition)))
        {
            return false;
        }

        if (rest.Length > 0 && !TryTakeNumber(ref rest, '.', out component))
        {
            return false;
        }

        if (rest.Length > 0 && (!TryTakeNumber(ref rest, '.', out subcomponent) || rest.Length > 0))
        {
            return false;
        }

        coordinate = new Coordinate(SegmentName.ToText(SegmentName.Pack(name)), ordinal, field, repetition, component, subcomponent);
        return true;
    }

    /// <summary>Reads a coordinate.</summary>
    /// <exception cref="FormatException">The text is no coordinate: a mistake of the caller, since coordinates are written in code and tables.</exception>
    public static Coordinate Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var coordinate) ? coordinate : throw new FormatException("Not an HL7 coordinate such as PID-3(2).4.1.");

    /// <summary>The place in its shortest form: the first ordinal and the first repetition are not written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Segment, 24);
        AppendIndex(text, Ordinal);
        if (Field > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"-{Field}");
            AppendIndex(text, Repetition);
            if (Component > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $".{Component}");
                if (Subcomponent > 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $".{Subcomponent}");
                }
            }
        }

        return text.ToString();
    }

    private static void AppendIndex(StringBuilder text, int index)
    {
        if (index > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"({index})");
        }
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return char.IsAsciiLetterUpper(name[0]);
    }

    // "(3)" in front of the rest; absent is 0.
    private static bool TryTakeIndex(ref ReadOnlySpan<char> rest, out int index)
    {
        index = 0;
        if (rest.Length == 0 || rest[0] != '(')
        {
            return true;
        }

        var end = rest.IndexOf(')');
        if (end < 0 || !TryNumber(rest[1..end], out index))
        {
            return false;
        }

        rest = rest[(end + 1)..];
        return true;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> rest, char lead, out int number)
    {
        number = 0;
        if (rest[0] != lead)
        {
            return false;
        }

        rest = rest[1..];
        var length = 0;
        while (length < rest.Length && char.IsAsciiDigit(rest[length]))
        {
            length++;
        }

        if (!TryNumber(rest[..length], out number))
        {
            return false;
        }

        rest = rest[length..];
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
