using System.Globalization;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages.Scheduling;

/// <summary>Times of appointments: an instant, a duration with its unit, and their sum.</summary>
internal static class AppointmentTime
{
    /// <summary>FHIR instant, minutes filled up to seconds; null for a date alone, with an issue.</summary>
    public static string? Instant(Hl7Element value, MessageScope scope)
    {
        if (!DtmToDateTime.Read(value, scope, out var time))
        {
            return null;
        }

        if (time.ToInstant(scope.Time) is { } instant)
        {
            return instant;
        }

        scope.Warn(Table0357.DataType, value.Location, "a date with a time");
        return null;
    }

    /// <summary>A number and its unit (minutes if none is named); null if one of them cannot be read.</summary>
    public static TimeSpan? Duration(Hl7Element number, Hl7Element unit, MessageScope scope)
    {
        if (FhirText.String(number) is not { } text)
        {
            return null;
        }

        if (!Nm.TryRead(text, out var count) || Math.Abs(count) > 1_000_000)
        {
            scope.Warn(Table0357.DataType, number.Location, "a number");
            return null;
        }

        if (Minutes(FhirText.Code(unit[1]) ?? FhirText.String(unit[2])) is { } minutes)
        {
            return TimeSpan.FromMinutes((double)(count * minutes));
        }

        scope.Warn(Table0357.TableValueNotFound, unit.Location, "a unit of time");
        return null;
    }

    /// <summary>TQ.3: a letter and a count (M30, H1, D2).</summary>
    public static TimeSpan? QuantityDuration(Hl7Element component)
    {
        var text = FhirText.Code(component);
        return text is { Length: > 1 } && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count < 1_000_000
            && text[0] is 'S' or 'M' or 'H' or 'D' or 'W' && Minutes(text[..1]) is { } minutes
            ? TimeSpan.FromMinutes((double)(count * minutes))
            : null;
    }

    /// <summary>The instant so much later, in the same offset; null without both.</summary>
    public static string? Later(string? instant, TimeSpan? by)
    {
        if (instant is null || by is not { } span || !DateTimeOffset.TryParse(instant, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start))
        {
            return null;
        }

        var end = start + span;
        return end.ToString(end.Offset == TimeSpan.Zero && instant.EndsWith('Z') ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    private static decimal? Minutes(string? unit) => unit?.ToUpperInvariant() switch
    {
        null or "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => 1,
        "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => 1m / 60,
        "H" or "HR" or "HRS" or "HOUR" or "HOURS" => 60,
        "D" or "DAY" or "DAYS" => 1440,
        "W" or "WK" or "WEEK" or "WEEKS" => 10080,
        _ => null,
    };
}
