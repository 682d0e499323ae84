using System.Globalization;
using System.Text;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>
/// A date, time or both, known only as far as it was written: FHIR's date, dateTime, instant and time, and FHIRPath's
/// Date, DateTime and Time.
/// </summary>
public readonly partial struct PartialDateTime : IEquatable<PartialDateTime>
{
    private const short NoOffset = short.MinValue;
    private readonly DateTime local;
    private readonly short offsetMinutes;
    private readonly byte fractionDigits;

    private PartialDateTime(TemporalKind kind, TemporalPrecision precision, DateTime local, short offsetMinutes, int fractionDigits)
    {
        Kind = kind;
        Precision = precision;
        this.local = local;
        this.offsetMinutes = offsetMinutes;
        this.fractionDigits = (byte)fractionDigits;
    }

    /// <summary>Whether it is a date, a date with time, or a time of day.</summary>
    public TemporalKind Kind { get; }

    /// <summary>How far it is known.</summary>
    public TemporalPrecision Precision { get; }

    /// <summary>The offset from UTC, where one was written.</summary>
    public TimeSpan? Offset => HasOffset ? TimeSpan.FromMinutes(offsetMinutes) : null;

    /// <summary>The digits written after the seconds' point; 0 for none. Digits past the seventh are dropped.</summary>
    public int FractionDigits => fractionDigits;

    /// <summary>The first moment it may mean, on its own clock; a time of day is on the first day of year 1.</summary>
    public DateTime LocalLow => local;

    private bool HasOffset => offsetMinutes != NoOffset;

    /// <summary>A value of full precision.</summary>
    public static PartialDateTime From(DateTimeOffset instant) =>
        new(TemporalKind.DateTime, TemporalPrecision.Fraction, TruncateToMilliseconds(instant.DateTime), (short)instant.Offset.TotalMinutes, 3);

    /// <summary>The date of the instant on its own clock.</summary>
    public static PartialDateTime DateOf(DateTimeOffset instant) =>
        new(TemporalKind.Date, TemporalPrecision.Day, instant.Date, NoOffset, 0);

    /// <summary>The time of day of the instant on its own clock.</summary>
    public static PartialDateTime TimeOf(DateTimeOffset instant) =>
        new(TemporalKind.Time, TemporalPrecision.Fraction, new DateTime(TruncateToMilliseconds(instant.DateTime).TimeOfDay.Ticks), NoOffset, 3);

    /// <summary>The same as another kind: a date becomes a dateTime of the same precision, a dateTime loses its time.</summary>
    public PartialDateTime As(TemporalKind kind) => (Kind, kind) switch
    {
        (TemporalKind.DateTime, TemporalKind.Date) => new(kind, Earlier(Precision, TemporalPrecision.Day), local.Date, NoOffset, 0),
        _ => new(kind, Precision, local, offsetMinutes, fractionDigits),
    };

    /// <summary>
    /// The instants that it may mean: the first, and the first after them. Without an offset, <paramref name="assumedOffset"/>
    /// applies. What .NET cannot represent is clamped.
    /// </summary>
    public (DateTimeOffset Low, DateTimeOffset High) Range(TimeSpan assumedOffset = default)
    {
        var offset = HasOffset ? TimeSpan.FromMinutes(offsetMinutes) : assumedOffset;
        return (Clamp(local.Ticks - offset.Ticks), Clamp(LocalHighTicks() - offset.Ticks));
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(29);
        var culture = CultureInfo.InvariantCulture;
        if (Kind != TemporalKind.Time)
        {
            text.Append(culture, $"{local.Year:0000}");
            AppendPart(text, TemporalPrecision.Month, '-', local.Month);
            AppendPart(text, TemporalPrecision.Day, '-', local.Day);
            AppendPart(text, TemporalPrecision.Hour, 'T', local.Hour);
        }
        else
        {
            text.Append(culture, $"{local.Hour:00}");
        }

        AppendPart(text, TemporalPrecision.Minute, ':', local.Minute);
        AppendPart(text, TemporalPrecision.Second, ':', local.Second);
        if (fractionDigits > 0)
        {
            text.Append('.').Append(culture, $"{local.Ticks % TimeSpan.TicksPerSecond:0000000}").Length -= 7 - fractionDigits;
        }

        if (HasOffset && Precision >= TemporalPrecision.Hour)
        {
            var minutes = Math.Abs(offsetMinutes);
            _ = offsetMinutes == 0 ? text.Append('Z') : text.Append(culture, $"{(offsetMinutes < 0 ? '-' : '+')}{minutes / 60:00}:{minutes % 60:00}");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(PartialDateTime other) =>
        Kind == other.Kind && Precision == other.Precision && local == other.local && offsetMinutes == other.offsetMinutes
        && fractionDigits == other.fractionDigits;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PartialDateTime other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Precision, local, offsetMinutes);

    /// <summary>Same writing, apart from how UTC is spelled; FHIRPath's own equality is <see cref="Compare"/>.</summary>
    public static bool operator ==(PartialDateTime left, PartialDateTime right) => left.Equals(right);

    /// <summary>The opposite of ==.</summary>
    public static bool operator !=(PartialDateTime left, PartialDateTime right) => !left.Equals(right);

    private void AppendPart(StringBuilder text, TemporalPrecision needed, char before, int number)
    {
        if (Precision >= needed)
        {
            text.Append(before).Append(CultureInfo.InvariantCulture, $"{number:00}");
        }
    }

    private static TemporalPrecision Earlier(TemporalPrecision one, TemporalPrecision other) => one < other ? one : other;

    private static DateTime TruncateToMilliseconds(DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond));

    private static DateTimeOffset Clamp(long utcTicks) =>
        utcTicks <= DateTime.MinValue.Ticks ? DateTimeOffset.MinValue
        : utcTicks >= DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue
        : new DateTimeOffset(utcTicks, TimeSpan.Zero);

    private long LocalHighTicks()
    {
        switch (Precision)
        {
            case TemporalPrecision.Year:
                return local.Year == 9999 ? DateTime.MaxValue.Ticks : local.AddYears(1).Ticks;
            case TemporalPrecision.Month:
                return local is { Year: 9999, Month: 12 } ? DateTime.MaxValue.Ticks : local.AddMonths(1).Ticks;
            case TemporalPrecision.Day:
                return local.Ticks + TimeSpan.TicksPerDay;
            case TemporalPrecision.Hour:
                return local.Ticks + TimeSpan.TicksPerHour;
            case TemporalPrecision.Minute:
                return local.Ticks + TimeSpan.TicksPerMinute;
            case TemporalPrecision.Second:
                return local.Ticks + TimeSpan.TicksPerSecond;
            default:
                var unit = TimeSpan.TicksPerSecond;
                for (var digit = 0; digit < fractionDigits; digit++)
                {
                    unit /= 10;
                }

                return local.Ticks + unit;
        }
    }
}
