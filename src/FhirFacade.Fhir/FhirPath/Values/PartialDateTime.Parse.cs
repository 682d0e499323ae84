namespace FhirFacade.Fhir.FhirPath.Values;

public readonly partial struct PartialDateTime
{
    private const int LongestText = 64;

    /// <summary>
    /// Reads <c>YYYY[-MM[-DD[Thh[:mm[:ss[.f...]]]][Z|+hh:mm|-hh:mm]]]</c>: a Date where no T is written, else a DateTime.
    /// A leap second reads as the second before it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out PartialDateTime value)
    {
        value = default;
        var rest = utf8;
        var precision = TemporalPrecision.Year;
        var (month, day) = (1, 1);
        if (!Digits(ref rest, 4, out var year) || year == 0)
        {
            return false;
        }

        if (Skip(ref rest, (byte)'-'))
        {
            precision = TemporalPrecision.Month;
            if (!Digits(ref rest, 2, out month) || month is < 1 or > 12)
            {
                return false;
            }

            if (Skip(ref rest, (byte)'-'))
            {
                precision = TemporalPrecision.Day;
                if (!Digits(ref rest, 2, out day) || day < 1 || day > DateTime.DaysInMonth(year, month))
                {
                    return false;
                }
            }
        }

        var date = new DateTime(year, month, day);
        if (rest.IsEmpty)
        {
            value = new PartialDateTime(TemporalKind.Date, precision, date, NoOffset, 0);
            return true;
        }

        if (!Skip(ref rest, (byte)'T'))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            value = new PartialDateTime(TemporalKind.DateTime, precision, date, NoOffset, 0);
            return true;
        }

        if (precision != TemporalPrecision.Day || !Clock(ref rest, out var time, out precision, out var fractionDigits)
            || !TryOffset(rest, out var offset))
        {
            return false;
        }

        value = new PartialDateTime(TemporalKind.DateTime, precision, date + time, offset, fractionDigits);
        return true;
    }

    /// <summary>Reads <c>hh[:mm[:ss[.f...]]]</c> as a Time.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> utf8, out PartialDateTime value)
    {
        value = default;
        var rest = utf8;
        if (!Clock(ref rest, out var time, out var precision, out var fractionDigits) || !rest.IsEmpty)
        {
            return false;
        }

        value = new PartialDateTime(TemporalKind.Time, precision, new DateTime(time.Ticks), NoOffset, fractionDigits);
        return true;
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{byte}, out PartialDateTime)"/>, from text.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PartialDateTime value)
    {
        Span<byte> bytes = stackalloc byte[LongestText];
        value = default;
        return ToAscii(text, ref bytes) && TryParse(bytes, out value);
    }

    /// <summary>As <see cref="TryParseTime(ReadOnlySpan{byte}, out PartialDateTime)"/>, from text.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out PartialDateTime value)
    {
        Span<byte> bytes = stackalloc byte[LongestText];
        value = default;
        return ToAscii(text, ref bytes) && TryParseTime(bytes, out value);
    }

    /// <summary>Reads what follows <c>@</c> in FHIRPath: a date, a dateTime, or T and a time.</summary>
    internal static bool TryParseLiteral(string text, out PartialDateTime value) =>
        text.StartsWith('T') ? TryParseTime(text.AsSpan(1), out value) : TryParse(text.AsSpan(), out value);

    private static bool ToAscii(ReadOnlySpan<char> text, ref Span<byte> bytes)
    {
        if (text.Length > bytes.Length
            || System.Text.Ascii.FromUtf16(text, bytes, out var written) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bytes = bytes[..written];
        return true;
    }

    private static bool Clock(ref ReadOnlySpan<byte> rest, out TimeSpan time, out TemporalPrecision precision, out int fractionDigits)
    {
        (time, precision, fractionDigits) = (default, TemporalPrecision.Hour, 0);
        if (!Digits(ref rest, 2, out var hour) || hour > 23)
        {
            return false;
        }

        time = new TimeSpan(hour, 0, 0);
        if (!Skip(ref rest, (byte)':'))
        {
            return true;
        }

        precision = TemporalPrecision.Minute;
        if (!Digits(ref rest, 2, out var minute) || minute > 59)
        {
            return false;
        }

        time += TimeSpan.FromMinutes(minute);
        if (!Skip(ref rest, (byte)':'))
        {
            return true;
        }

        precision = TemporalPrecision.Second;
        if (!Digits(ref rest, 2, out var second) || second > 60)
        {
            return false;
        }

        time += TimeSpan.FromSeconds(Math.Min(second, 59));
        if (!Skip(ref rest, (byte)'.'))
        {
            return true;
        }

        precision = TemporalPrecision.Fraction;
        var unit = TimeSpan.TicksPerSecond;
        var start = rest.Length;
        while (!rest.IsEmpty && rest[0] is >= (byte)'0' and <= (byte)'9')
        {
            unit /= 10;
            time += TimeSpan.FromTicks((rest[0] - '0') * unit);
            rest = rest[1..];
        }

        fractionDigits = Math.Min(7, start - rest.Length);
        return fractionDigits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<byte> rest, out short minutes)
    {
        minutes = NoOffset;
        if (rest.IsEmpty)
        {
            return true;
        }

        var sign = rest[0];
        rest = rest[1..];
        if (sign == (byte)'Z')
        {
            minutes = 0;
            return rest.IsEmpty;
        }

        if (sign is not ((byte)'+' or (byte)'-') || !Digits(ref rest, 2, out var hours) || hours > 14
            || !Skip(ref rest, (byte)':') || !Digits(ref rest, 2, out var rests) || rests > 59 || !rest.IsEmpty)
        {
            return false;
        }

        minutes = (short)((sign == (byte)'-' ? -1 : 1) * ((hours * 60) + rests));
        return minutes is >= -14 * 60 and <= 14 * 60;
    }

    private static bool Digits(ref ReadOnlySpan<byte> rest, int count, out int number)
    {
        number = 0;
        if (rest.Length < count)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var digit = rest[i] - '0';
            if ((uint)digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        rest = rest[count..];
        return true;
    }

    private static bool Skip(ref ReadOnlySpan<byte> rest, byte expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }
}
