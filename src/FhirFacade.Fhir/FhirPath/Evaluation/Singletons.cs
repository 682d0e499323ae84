namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>A collection where one value is wanted: https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections</summary>
internal static class Singletons
{
    /// <summary>Null for none; an error for several. A single value that is no boolean counts as true.</summary>
    public static bool? Boolean(in Collection input) => input.Count switch
    {
        0 => null,
        1 => input[0].Kind == SystemKind.Boolean ? (bool?)input[0].ToSystem() : true,
        _ => throw Several(),
    };

    /// <summary>As <see cref="Boolean"/>, where the specification wants a boolean expression and nothing else.</summary>
    public static bool? Criterion(in Collection input) => input.Count == 1 && input[0].Kind != SystemKind.Boolean
        ? throw new FhirPathEvaluationException("A criterion must be a boolean.")
        : Boolean(input);

    public static string? String(in Collection input) => input.Count switch
    {
        0 => null,
        1 => input[0].Kind == SystemKind.String ? (string?)input[0].ToSystem() : throw new FhirPathEvaluationException("A string is needed here."),
        _ => throw Several(),
    };

    public static int? Integer(in Collection input) => input.Count switch
    {
        0 => null,
        1 => input[0].ToSystem() switch
        {
            int number => number,
            null when input[0].Kind == SystemKind.Integer => null,
            _ => throw new FhirPathEvaluationException("An integer is needed here."),
        },
        _ => throw Several(),
    };

    public static decimal? Number(in Collection input) => input.Count switch
    {
        0 => null,
        1 => input[0].ToSystem() switch
        {
            int number => number,
            long number => number,
            decimal number => number,
            null when input[0].Kind is SystemKind.Integer or SystemKind.Decimal => null,
            _ => throw new FhirPathEvaluationException("A number is needed here."),
        },
        _ => throw Several(),
    };

    /// <summary>The system value of the only item; null for none, or where it has no value.</summary>
    public static object? Value(in Collection input) => input.Count switch
    {
        0 => null,
        1 => input[0].ToSystem(),
        _ => throw Several(),
    };

    public static FhirPathEvaluationException Several() => new("A single item is needed where there are several.");
}
