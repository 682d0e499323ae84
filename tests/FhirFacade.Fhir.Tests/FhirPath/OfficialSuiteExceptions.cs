namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>The tests of the official suite that are expected to fail, each with the reason.</summary>
internal static class OfficialSuiteExceptions
{
    public static string[] Names { get; } =
    [
        // 0.00345 rounded up to one place is 0.1, as the suite itself has it for 1.587 (1.59) and 12.587 (12.59); here it wants 0.0.
        // Nor is there another rounding that gives both: it wants -1.5865 up to -1.58, which rounding to the nearest does not do.
        "HighBoundaryDecimal15",
        "HighBoundaryDecimal16",
        "LowBoundaryDecimal15",

        // The last millisecond of hour 08 is 08:59:59.999; the suite reads the missing minutes as 00.
        "HighBoundaryDateTimeMillisecond1",
        "HighBoundaryDateTimeMillisecond3",
    ];
}
