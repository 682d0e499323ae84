namespace FhirFacade.Fhir.FhirPath.Values;

public readonly partial struct PartialDateTime
{
    private static readonly long widestWestTicks = TimeSpan.FromHours(12).Ticks;
    private static readonly long widestEastTicks = TimeSpan.FromHours(14).Ticks;

    /// <summary>
    /// Which is earlier, as FHIRPath compares: below 0, 0 or above 0; null where their precisions or a missing offset leave
    /// it open, or where one is a time of day and the other is not. Seconds and their fractions count as one precision.
    /// </summary>
    public int? Compare(PartialDateTime other)
    {
        if ((Kind == TemporalKind.Time) != (other.Kind == TemporalKind.Time))
        {
            return null;
        }

        var (low, high) = UtcTicks(other.HasOffset);
        var (otherLow, otherHigh) = other.UtcTicks(HasOffset);
        var sameDepth = Depth == other.Depth && HasOffset == other.HasOffset;
        return sameDepth && low == otherLow ? 0
            : high < otherLow || (high == otherLow && high > low) ? -1
            : otherHigh < low || (otherHigh == low && otherHigh > otherLow) ? 1
            : null;
    }

    /// <summary>
    /// The date or time later by so many of the unit (earlier, if negative), at the same precision. Units finer than the
    /// precision count in whole steps of it. Null where the result is outside the years 1 to 9999.
    /// </summary>
    internal PartialDateTime? Add(decimal amount, CalendarUnit unit)
    {
        var whole = decimal.Truncate(amount);
        try
        {
            var moved = unit switch
            {
                CalendarUnit.Year => local.AddYears((int)whole),
                CalendarUnit.Month when Precision == TemporalPrecision.Year => local.AddYears((int)whole / 12),
                CalendarUnit.Month => local.AddMonths((int)whole),
                _ when Precision == TemporalPrecision.Year && Kind != TemporalKind.Time => local.AddYears((int)(WholeDays(amount, unit) / 365)),
                _ when Precision == TemporalPrecision.Month => local.AddMonths((int)(WholeDays(amount, unit) / 30)),
                _ => local.AddTicks(WholeSteps(amount, unit)),
            };
            return new PartialDateTime(Kind, Precision, Kind == TemporalKind.Time ? new DateTime(moved.TimeOfDay.Ticks) : moved, offsetMinutes, fractionDigits);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            return Kind == TemporalKind.Time ? AddToClock(amount, unit) : null;
        }
    }

    /// <summary>The earliest (or latest) value of the finer precision that this may mean; null where it is not finer.</summary>
    internal PartialDateTime? Boundary(TemporalPrecision precision, bool latest)
    {
        if (precision < Precision)
        {
            return new PartialDateTime(Kind, precision, Floor(local, precision), NoOffset, 0);
        }

        var moment = latest ? new DateTime(Math.Min(LocalHighTicks(), DateTime.MaxValue.Ticks) - TimeSpan.TicksPerMillisecond) : local;
        if (Kind == TemporalKind.Date && precision > TemporalPrecision.Day)
        {
            return null;
        }

        var isFraction = precision == TemporalPrecision.Fraction;
        var offset = Kind != TemporalKind.DateTime || precision < TemporalPrecision.Hour ? NoOffset
            : HasOffset ? offsetMinutes
            : (short)(latest ? -12 * 60 : 14 * 60);
        return new PartialDateTime(Kind, precision, Floor(moment, precision), offset, isFraction ? 3 : 0);
    }

    private static DateTime Floor(DateTime time, TemporalPrecision precision) => precision switch
    {
        TemporalPrecision.Year => new DateTime(time.Year, 1, 1),
        TemporalPrecision.Month => new DateTime(time.Year, time.Month, 1),
        TemporalPrecision.Day => time.Date,
        TemporalPrecision.Hour => time.Date.AddHours(time.Hour),
        TemporalPrecision.Minute => new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute)),
        TemporalPrecision.Second => new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond)),
        _ => TruncateToMilliseconds(time),
    };

    private static long TicksOf(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Week => 7 * TimeSpan.TicksPerDay,
        CalendarUnit.Day => TimeSpan.TicksPerDay,
        CalendarUnit.Hour => TimeSpan.TicksPerHour,
        CalendarUnit.Minute => TimeSpan.TicksPerMinute,
        CalendarUnit.Second => TimeSpan.TicksPerSecond,
        _ => TimeSpan.TicksPerMillisecond,
    };

    private static decimal WholeDays(decimal amount, CalendarUnit unit) =>
        decimal.Truncate(decimal.Truncate(amount) * TicksOf(unit) / TimeSpan.TicksPerDay);

    private int Depth => Precision >= TemporalPrecision.Second ? (int)TemporalPrecision.Second : (int)Precision;

    private long WholeSteps(decimal amount, CalendarUnit unit)
    {
        var counted = unit == CalendarUnit.Second ? amount : decimal.Truncate(amount);
        var ticks = checked((long)(counted * TicksOf(unit)));
        var step = Precision switch
        {
            TemporalPrecision.Day => TimeSpan.TicksPerDay,
            TemporalPrecision.Hour => TimeSpan.TicksPerHour,
            TemporalPrecision.Minute => TimeSpan.TicksPerMinute,
            TemporalPrecision.Second => TimeSpan.TicksPerSecond,
            _ => 1,
        };
        return ticks / step * step;
    }

    private PartialDateTime? AddToClock(decimal amount, CalendarUnit unit)
    {
        if (Math.Abs(amount) > 1_000_000_000)
        {
            return null;
        }

        var ticks = (local.Ticks + (WholeSteps(amount, unit) % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay) % TimeSpan.TicksPerDay;
        return new PartialDateTime(Kind, Precision, new DateTime(ticks), offsetMinutes, fractionDigits);
    }

    /// <summary>
    /// The range in ticks, both ends included for seconds and finer. A value without offset, compared with one that has it,
    /// may be anywhere on earth.
    /// </summary>
    private (long Low, long High) UtcTicks(bool otherHasOffset)
    {
        var high = Precision >= TemporalPrecision.Second ? local.Ticks : LocalHighTicks();
        return HasOffset ? (local.Ticks - (offsetMinutes * TimeSpan.TicksPerMinute), high - (offsetMinutes * TimeSpan.TicksPerMinute))
            : otherHasOffset ? (local.Ticks - widestEastTicks, high + widestWestTicks)
            : (local.Ticks, high);
    }
}
