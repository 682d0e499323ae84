namespace FhirFacade.Fhir.Validation;

/// <summary>The formats of date, dateTime, instant and time, days that do not exist excluded.</summary>
internal static class DateFormat
{
    /// <summary>YYYY, YYYY-MM or YYYY-MM-DD.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text) =>
        TryDigits(text, 0, 4, out var year) && year > 0 && text.Length switch
        {
            4 => true,
            7 => IsMonth(text),
            10 => IsDay(text, year),
            _ => false,
        };

    /// <summary>A date, or a day with time to the second or finer and an offset.</summary>
    public static bool IsDateTime(ReadOnlySpan<byte> text) => text.Length <= 10 ? IsDate(text) : IsInstant(text);

    /// <summary>A day with time to the second or finer and an offset.</summary>
    public static bool IsInstant(ReadOnlySpan<byte> text)
    {
        if (text.Length < 20 || text[10] != 'T' || !IsDate(text[..10]))
        {
            return false;
        }

        var offset = text[^1] == 'Z' ? 1 : 6;
        return text.Length - offset >= 19 && IsOffset(text[^offset..]) && IsTime(text[11..^offset]);
    }

    /// <summary>hh:mm:ss or finer; the second may be 60.</summary>
    public static bool IsTime(ReadOnlySpan<byte> text) =>
        text.Length >= 8 && text[2] == ':' && text[5] == ':'
        && TryDigits(text, 0, 2, out var hour) && hour <= 23
        && TryDigits(text, 3, 2, out var minute) && minute <= 59
        && TryDigits(text, 6, 2, out var second) && second <= 60
        && (text.Length == 8 || (text.Length > 9 && text[8] == '.' && !text[9..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));

    private static bool IsOffset(ReadOnlySpan<byte> text) =>
        text is [(byte)'Z']
        || (text[0] is (byte)'+' or (byte)'-' && text[3] == ':'
            && TryDigits(text, 1, 2, out var hours) && TryDigits(text, 4, 2, out var minutes)
            && minutes <= 59 && (hours <= 13 || (hours == 14 && minutes == 0)));

    private static bool IsMonth(ReadOnlySpan<byte> text) => text[4] == '-' && TryDigits(text, 5, 2, out var month) && month is >= 1 and <= 12;

    private static bool IsDay(ReadOnlySpan<byte> text, int year) =>
        IsMonth(text) && text[7] == '-' && TryDigits(text, 8, 2, out var day) && day >= 1
        && day <= DateTime.DaysInMonth(year, ((text[5] - '0') * 10) + text[6] - '0');

    private static bool TryDigits(ReadOnlySpan<byte> text, int start, int count, out int value)
    {
        value = 0;
        if (text.Length < start + count)
        {
            return false;
        }

        foreach (var digit in text.Slice(start, count))
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        return true;
    }
}
