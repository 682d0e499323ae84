namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>How far a date or time is known. The numbers are the digits written, as FHIRPath's <c>precision()</c> counts them.</summary>
public enum TemporalPrecision
{
    /// <summary>The year only.</summary>
    Year = 4,
    /// <summary>To the month.</summary>
    Month = 6,
    /// <summary>To the day.</summary>
    Day = 8,
    /// <summary>To the hour.</summary>
    Hour = 10,
    /// <summary>To the minute.</summary>
    Minute = 12,
    /// <summary>To the second.</summary>
    Second = 14,
    /// <summary>To a fraction of a second.</summary>
    Fraction = 17,
}

/// <summary>The three kinds of time that FHIRPath keeps apart.</summary>
public enum TemporalKind
{
    /// <summary>A calendar date, without time of day or offset.</summary>
    Date,
    /// <summary>A date that may carry a time of day and an offset.</summary>
    DateTime,
    /// <summary>A time of day.</summary>
    Time,
}
