namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>The units by which dates and times move.</summary>
internal enum CalendarUnit
{
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

/// <summary>FHIRPath's words for units of time: https://hl7.org/fhirpath/N1/#time-valued-quantities</summary>
internal static class CalendarUnits
{
    /// <summary>The singular of a unit word (<c>days</c> gives <c>day</c>); null for other words.</summary>
    public static string? Find(string word) => word switch
    {
        "year" or "years" => "year",
        "month" or "months" => "month",
        "week" or "weeks" => "week",
        "day" or "days" => "day",
        "hour" or "hours" => "hour",
        "minute" or "minutes" => "minute",
        "second" or "seconds" => "second",
        "millisecond" or "milliseconds" => "millisecond",
        _ => null,
    };

    /// <summary>
    /// The unit that may be added to a date: a word, or a UCUM unit of definite length. UCUM's own month and year
    /// (<c>mo</c>, <c>a</c>) are averages and may not.
    /// </summary>
    public static CalendarUnit? ForArithmetic(string unit) => unit switch
    {
        "wk" => CalendarUnit.Week,
        "d" => CalendarUnit.Day,
        "h" => CalendarUnit.Hour,
        "min" => CalendarUnit.Minute,
        "s" => CalendarUnit.Second,
        "ms" => CalendarUnit.Millisecond,
        _ => Find(unit) is { } word ? Enum.Parse<CalendarUnit>(word, ignoreCase: true) : null,
    };

    /// <summary>The UCUM unit that a word equals; null for month and year, which UCUM has only as averages.</summary>
    public static string? ToUcum(string word) => word switch
    {
        "week" => "wk",
        "day" => "d",
        "hour" => "h",
        "minute" => "min",
        "second" => "s",
        "millisecond" => "ms",
        _ => null,
    };
}
