using System.Globalization;
using System.Text.RegularExpressions;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Dates of a search: <c>2024</c> to <c>ge2024-05-01T10:00:00.000+02:00</c>. Without an offset they are UTC.</summary>
internal static partial class DateValueParser
{
    /// <summary>The value, or null if it is no date.</summary>
    /// <param name="text">Prefix and date.</param>
    /// <param name="now">What <c>ap</c> measures from: a tenth of the distance is about the same.</param>
    public static SearchValue.Date? Parse(string text, DateTimeOffset now)
    {
        var (comparator, rest) = Prefixes.Split(text);
        if (Range(rest) is not { } range)
        {
            return null;
        }

        var (low, high) = range;
        if (comparator == Comparator.Approximately)
        {
            var middle = low + ((high - low) / 2);
            var slack = (now - middle).Duration() / 10;
            low = low - DateTimeOffset.MinValue > slack ? low - slack : DateTimeOffset.MinValue;
            high = DateTimeOffset.MaxValue - high > slack ? high + slack : DateTimeOffset.MaxValue;
        }

        return new SearchValue.Date(comparator, low, high);
    }

    private static (DateTimeOffset Low, DateTimeOffset High)? Range(string text)
    {
        var match = DateTime().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var year = Number("year");
        var month = Number("month") ?? 1;
        var day = Number("day") ?? 1;
        if (year is null or 0 || month is < 1 or > 12 || day < 1 || day > System.DateTime.DaysInMonth(year.Value, month))
        {
            return null;
        }

        var hour = Number("hour") ?? 0;
        var minute = Number("minute") ?? 0;
        var second = Number("second") ?? 0;
        if (hour > 23 || minute > 59 || second > 60 || Offset(match) is not { } offset)
        {
            return null;
        }

        try
        {
            var fraction = match.Groups["fraction"];
            var low = new DateTimeOffset(year.Value, month, day, hour, minute, Math.Min(second, 59), offset)
                + TimeSpan.FromTicks(fraction.Success ? Ticks(fraction.Value) : 0);
            return (low, End());

            DateTimeOffset End()
            {
                return fraction.Success ? low + TimeSpan.FromTicks(TickStep(fraction.Length))
                    : match.Groups["second"].Success ? low.AddSeconds(1)
                    : match.Groups["minute"].Success ? low.AddMinutes(1)
                    : match.Groups["day"].Success ? low.AddDays(1)
                    : match.Groups["month"].Success ? low.AddMonths(1)
                    : low.AddYears(1);
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // The last day of year 9999, or an offset that leads out of the calendar.
            return null;
        }

        int? Number(string group)
        {
            var part = match.Groups[group];
            return part.Success ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : null;
        }
    }

    private static TimeSpan? Offset(Match match)
    {
        var zone = match.Groups["zone"];
        if (!zone.Success || zone.Value == "Z")
        {
            return TimeSpan.Zero;
        }

        var hours = int.Parse(zone.ValueSpan[1..3], CultureInfo.InvariantCulture);
        var minutes = int.Parse(zone.ValueSpan[4..6], CultureInfo.InvariantCulture);
        if (hours > 14 || minutes > 59)
        {
            return null;
        }

        var offset = new TimeSpan(hours, minutes, 0);
        return zone.ValueSpan[0] == '-' ? -offset : offset;
    }

    // The database keeps microseconds; further digits are cut off.
    private static long Ticks(string fraction)
    {
        return long.Parse(fraction.PadRight(6, '0').AsSpan(0, 6), CultureInfo.InvariantCulture) * TimeSpan.TicksPerMicrosecond;
    }

    private static long TickStep(int digits)
    {
        var step = TimeSpan.TicksPerSecond;
        for (var i = 0; i < Math.Min(digits, 6); i++)
        {
            step /= 10;
        }

        return step;
    }

    // A plus sign that nobody encoded arrives as a space.
    [GeneratedRegex(@"^(?<year>[0-9]{4})(-(?<month>[0-9]{2})(-(?<day>[0-9]{2})(T(?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?)?(?<zone>Z|[+ -][0-9]{2}:[0-9]{2})?)?)?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DateTime();
}
