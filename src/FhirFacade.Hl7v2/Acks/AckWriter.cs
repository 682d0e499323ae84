using System.Buffers;
using System.Globalization;
using System.Text;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Hl7v2.Structures;

namespace FhirFacade.Hl7v2.Acks;

/// <summary>Writes the segments of one acknowledgement.</summary>
internal sealed class AckWriter(Hl7Message? received)
{
    // An answer has a bound, however much is wrong.
    private const int ErrorLimit = 50;

    private readonly ArrayBufferWriter<byte> _output = new(256);
    private readonly Delimiters _delimiters = received?.Delimiters ?? Delimiters.Default;
    private readonly Encoding _encoding = received?.Encoding ?? Encoding.UTF8;
    private readonly AckVersion _version = AckVersion.Of(received);

    public void Header(DateTimeOffset now, string controlId)
    {
        Raw("MSH"u8);
        Field();
        Byte(_delimiters.Component);
        Byte(_delimiters.Repetition);
        Byte(_delimiters.Escape);
        Byte(_delimiters.Subcomponent);
        Byte(_delimiters.Truncation);
        Field();
        Copy(5);
        Field();
        Copy(6);
        Field();
        Copy(3);
        Field();
        Copy(4);
        Field();
        Ascii(now.ToString(_version.HasOffsets ? "yyyyMMddHHmmss.fffzzz" : "yyyyMMddHHmmss", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal));
        Field();
        Field();
        Type();
        Field();
        Text(controlId);
        Field();
        if (!Copy(11))
        {
            Ascii("P");
        }

        Field();
        if (!Copy(12))
        {
            Ascii(AckVersion.WhenAbsent);
        }

        if (received is not null && received[0][18].HasValue)
        {
            for (var i = 12; i < 18; i++)
            {
                Field();
            }

            Copy(18);
        }

        End();
    }

    public void Acknowledgement(AckCode code, IReadOnlyCollection<Hl7Error> errors)
    {
        Raw("MSA"u8);
        Field();
        Ascii(code.ToString());
        Field();
        Copy(10);
        if (!_version.HasErrorLocations && errors.Count > 0)
        {
            // MSA-3, before ERR could say more than a code.
            var first = errors.First();
            Field();
            Text($"{first.Location}: {first.Rule}");
        }

        End();
    }

    public void Errors(IReadOnlyCollection<Hl7Error> errors)
    {
        if (errors.Count == 0)
        {
            return;
        }

        if (_version.HasErrorLocations)
        {
            foreach (var error in errors.Take(ErrorLimit))
            {
                Error(error);
            }

            return;
        }

        Raw("ERR"u8);
        Field();
        var isFirst = true;
        foreach (var error in errors.Take(ErrorLimit))
        {
            if (!isFirst)
            {
                Byte(_delimiters.Repetition);
            }

            isFirst = false;
            ErrorCodeAndLocation(error);
        }

        End();
    }

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    // Version 2.5 and later: ERR-2 location (ERL), ERR-3 code, ERR-4 severity, ERR-7 diagnostic.
    private void Error(Hl7Error error)
    {
        Raw("ERR"u8);
        Field();
        Field();
        var isLocated = Coordinate.TryParse(error.Location, out var place);
        if (isLocated)
        {
            Ascii(place.Segment);
            Components(Math.Max(1, place.Ordinal), place.Field, place.Field == 0 ? 0 : Math.Max(1, place.Repetition), place.Component, place.Subcomponent);
        }

        Field();
        Code(error.Code, _delimiters.Component);
        Field();
        Ascii(error.Severity switch { Hl7Severity.Information => "I", Hl7Severity.Warning => "W", _ => "E" });
        Field();
        Field();
        Field();
        Text(isLocated ? error.Rule : $"{error.Location}: {error.Rule}");
        End();
    }

    // Before version 2.5, ERR-1 (ELD): segment, its sequence, field, code.
    private void ErrorCodeAndLocation(Hl7Error error)
    {
        if (Coordinate.TryParse(error.Location, out var place))
        {
            Ascii(place.Segment);
            Byte(_delimiters.Component);
            Ascii(Math.Max(1, place.Ordinal).ToString(CultureInfo.InvariantCulture));
            Byte(_delimiters.Component);
            Ascii(place.Field == 0 ? "" : place.Field.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            Byte(_delimiters.Component);
            Byte(_delimiters.Component);
        }

        Byte(_delimiters.Component);
        Code(error.Code, _delimiters.Subcomponent);
    }

    private void Code(int code, byte separator)
    {
        Ascii(code.ToString(CultureInfo.InvariantCulture));
        Byte(separator);
        Text(Table0357.Display(code));
        Byte(separator);
        Ascii("HL70357");
    }

    // MSH-9: the message type of the answer repeats the event of the question.
    private void Type()
    {
        Ascii("ACK");
        if (received is null || !_version.HasEvents)
        {
            return;
        }

        var trigger = MessageType.Of(received).TriggerEvent;
        if (trigger.Length == 0)
        {
            return;
        }

        Byte(_delimiters.Component);
        Text(trigger);
        if (_version.HasStructures)
        {
            Byte(_delimiters.Component);
            Ascii("ACK");
        }
    }

    private void Components(params ReadOnlySpan<int> numbers)
    {
        while (numbers.Length > 0 && numbers[^1] == 0)
        {
            numbers = numbers[..^1];
        }

        foreach (var number in numbers)
        {
            Byte(_delimiters.Component);
            if (number > 0)
            {
                Ascii(number.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    // A header field of the received message as it is: same separators, same character set. Control characters would break the
    // segment, and only damaged messages hold them.
    private bool Copy(int field)
    {
        var value = received is null ? default : received[0][field];
        if (!value.HasValue)
        {
            return false;
        }

        foreach (var item in value.Raw)
        {
            Byte(item < 0x20 && item != 0x1B ? (byte)' ' : item);
        }

        return true;
    }

    private void Text(string value) => EscapeWriter.Write(_output, value, _delimiters, _encoding);

    private void Ascii(string value) => Encoding.ASCII.GetBytes(value, _output);

    private void Raw(ReadOnlySpan<byte> value) => _output.Write(value);

    private void Field() => Byte(_delimiters.Field);

    private void End() => Byte(13);

    private void Byte(byte value)
    {
        if (value != 0)
        {
            _output.GetSpan(1)[0] = value;
            _output.Advance(1);
        }
    }
}
