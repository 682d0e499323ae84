namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>The tests of the official suite that do not pass yet.</summary>
internal static class OfficialSuiteExceptions
{
    public static string[] Names { get; } =
    [
        // An error by the types alone, before any evaluation: needs a checker that knows the type of the root.
        "testSimpleFail",
        "testSimpleWithWrongContext",
        "testPolymorphismB",
        "testPolymorphismAsB",
        "testPolymorphicsB",
        "testDollarOrderNotAllowed",

        // 0.00345 rounded up to one place is 0.1, as the suite itself has it for 1.587 (1.59) and 12.587 (12.59); here it wants 0.0.
        "HighBoundaryDecimal15",
        "HighBoundaryDecimal16",
        "LowBoundaryDecimal15",

        // The last millisecond of hour 08 is 08:59:59.999; the suite reads the missing minutes as 00.
        "HighBoundaryDateTimeMillisecond1",
        "HighBoundaryDateTimeMillisecond3",
    ];
}
