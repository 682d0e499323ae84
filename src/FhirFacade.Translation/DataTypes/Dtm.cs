using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.DataTypes;

/// <summary>How far a v2 time goes.</summary>
internal enum DtmPrecision
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Fraction,
}

/// <summary>
/// A v2 date and time, <c>YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]</c>, taken apart (DTM, TS, DT; HL7 v2 chapter 2A).
/// Says no more than the sender did: a date gets no time, a year no month.
/// </summary>
internal readonly struct Dtm
{
    private readonly short _year;
    private readonly byte _month;
    private readonly byte _day;
    private readonly byte _hour;
    private readonly byte _minute;
    private readonly byte _second;
    private readonly byte _fractionDigits;
    private readonly short _fraction;

    private Dtm(DtmPrecision precision, ReadOnlySpan<int> parts, int fraction, int fractionDigits, TimeSpan? offset)
    {
        Precision = precision;
        _year = (short)parts[0];
        _month = (byte)parts[1];
        _day = (byte)parts[2];
        _hour = (byte)parts[3];
        _minute = (byte)parts[4];
        _second = (byte)parts[5];
        _fraction = (short)fraction;
        _fractionDigits = (byte)fractionDigits;
        Offset = offset;
    }

    public DtmPrecision Precision { get; }

    /// <summary>As sent; null if not sent.</summary>
    public TimeSpan? Offset { get; }

    /// <summary>The local clock time that was sent, missing parts zero.</summary>
    public DateTime Local => new(_year, Math.Max((byte)1, _month), Math.Max((byte)1, _day), _hour, _minute, _second, DateTimeKind.Unspecified);

    /// <summary>Reads the first component of a field; TS.2 (degree of precision: Y, L, D) cuts what follows.</summary>
    /// <returns>False if it is no v2 time.</returns>
    public static bool TryRead(Hl7Element value, out Dtm time)
    {
        if (!TryRead(value.Subcomponent(1).Raw, out time))
        {
            return false;
        }

        var degree = value[2].Raw;
        if (degree.Length == 1)
        {
            var cut = degree[0] switch { (byte)'Y' => DtmPrecision.Year, (byte)'L' => DtmPrecision.Month, (byte)'D' => DtmPrecision.Day, _ => DtmPrecision.Fraction };
            time = time.CutTo(cut);
        }

        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out Dtm time)
    {
        time = default;
        text = text.Trim((byte)' ');
        TimeSpan? offset = null;
        if (text.IndexOfAny((byte)'+', (byte)'-') is var sign and > 0)
        {
            if (!TryReadOffset(text[sign..], out var sent))
            {
                return false;
            }

            offset = sent;
            text = text[..sign];
        }

        var (fraction, digits) = (0, 0);
        if (text.IndexOf((byte)'.') is var dot and > 0)
        {
            var tail = text[(dot + 1)..];
            if (dot != 14 || tail.Length is 0 or > 9)
            {
                return false;
            }

            digits = Math.Min(4, tail.Length);
            if (!TryNumber(tail[..digits], out fraction) || (tail.Length > digits && !TryNumber(tail[digits..], out _)))
            {
                return false;
            }

            text = text[..dot];
        }

        if (text.Length < 4 || text.Length > 14 || text.Length % 2 != 0)
        {
            return false;
        }

        Span<int> parts = [0, 0, 0, 0, 0, 0];
        if (!TryNumber(text[..4], out parts[0]))
        {
            return false;
        }

        var count = 1;
        for (var at = 4; at < text.Length; at += 2)
        {
            if (!TryNumber(text.Slice(at, 2), out parts[count++]))
            {
                return false;
            }
        }

        if (!IsInCalendar(parts, count))
        {
            return false;
        }

        var precision = digits > 0 ? DtmPrecision.Fraction : (DtmPrecision)(count - 1);
        time = new Dtm(precision, parts, fraction, digits, offset);
        return true;
    }

    /// <summary>FHIR date: <c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public string ToDate()
    {
        Span<char> text = stackalloc char[10];
        return new string(text[..WriteDate(text)]);
    }

    /// <summary>FHIR dateTime. With a time it has seconds (zero where they were not sent) and an offset, as R4 requires.</summary>
    public string ToDateTime(TimeDefaults defaults)
    {
        Span<char> text = stackalloc char[32];
        var used = WriteDate(text);
        if (Precision <= DtmPrecision.Day)
        {
            return new string(text[..used]);
        }

        text[used++] = 'T';
        used += WriteTime(text[used..]);
        used += WriteOffset(text[used..], Offset ?? defaults.OffsetAt(Local));
        return new string(text[..used]);
    }

    /// <summary>FHIR instant; null if the time is not exact to the hour at least, since an instant cannot be partial.</summary>
    public string? ToInstant(TimeDefaults defaults) => Precision <= DtmPrecision.Day ? null : ToDateTime(defaults);

    /// <summary>The moment, missing parts zero; within the years of <see cref="DateTimeOffset"/>.</summary>
    public DateTimeOffset? ToMoment(TimeDefaults defaults)
    {
        var local = Local.AddTicks(_fractionDigits == 0 ? 0 : _fraction * TimeSpan.TicksPerSecond / (long)Math.Pow(10, _fractionDigits));
        var offset = Offset ?? defaults.OffsetAt(Local);
        var utc = local.Ticks - offset.Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, offset);
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        var negative = text[0] == '-';
        var digits = text[1..];
        var (hours, minutes) = (0, 0);
        var read = digits.Length switch
        {
            2 => TryNumber(digits, out hours),
            4 => TryNumber(digits[..2], out hours) && TryNumber(digits[2..], out minutes),
            5 when digits[2] == ':' => TryNumber(digits[..2], out hours) && TryNumber(digits[3..], out minutes),
            _ => false,
        };
        if (!read || hours > 14 || minutes > 59 || (hours == 14 && minutes > 0))
        {
            return false;
        }

        offset = new TimeSpan(negative ? -hours : hours, negative ? -minutes : minutes, 0);
        return true;
    }

    private static bool IsInCalendar(ReadOnlySpan<int> parts, int count) =>
        parts[0] >= 1
        && (count < 2 || parts[1] is >= 1 and <= 12)
        && (count < 3 || (parts[2] >= 1 && parts[2] <= DateTime.DaysInMonth(parts[0], parts[1])))
        && parts[3] <= 23
        && parts[4] <= 59
        && parts[5] <= 59;

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }

    private static void Digits(Span<char> text, int number, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            text[i] = (char)('0' + (number % 10));
            number /= 10;
        }
    }

    private Dtm CutTo(DtmPrecision cut) =>
        cut >= Precision ? this : new Dtm(cut, [_year, cut >= DtmPrecision.Month ? _month : 0, cut >= DtmPrecision.Day ? _day : 0, 0, 0, 0], 0, 0, null);

    private int WriteDate(Span<char> text)
    {
        Digits(text, _year, 4);
        if (Precision == DtmPrecision.Year)
        {
            return 4;
        }

        text[4] = '-';
        Digits(text[5..], _month, 2);
        if (Precision == DtmPrecision.Month)
        {
            return 7;
        }

        text[7] = '-';
        Digits(text[8..], _day, 2);
        return 10;
    }

    private int WriteTime(Span<char> text)
    {
        Digits(text, _hour, 2);
        text[2] = ':';
        Digits(text[3..], _minute, 2);
        text[5] = ':';
        Digits(text[6..], _second, 2);
        if (_fractionDigits == 0)
        {
            return 8;
        }

        text[8] = '.';
        Digits(text[9..], _fraction, _fractionDigits);
        return 9 + _fractionDigits;
    }

    private static int WriteOffset(Span<char> text, TimeSpan offset)
    {
        if (offset == TimeSpan.Zero)
        {
            text[0] = 'Z';
            return 1;
        }

        text[0] = offset < TimeSpan.Zero ? '-' : '+';
        Digits(text[1..], Math.Abs(offset.Hours), 2);
        text[3] = ':';
        Digits(text[4..], Math.Abs(offset.Minutes), 2);
        return 6;
    }
}
