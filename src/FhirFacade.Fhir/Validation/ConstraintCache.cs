using System.Collections.Concurrent;
using FhirFacade.Fhir.FhirPath;

namespace FhirFacade.Fhir.Validation;

/// <summary>Expressions of constraints, compiled once a process.</summary>
internal static class ConstraintCache
{
    private static readonly ConcurrentDictionary<string, FhirPathExpression?> Compiled = new(StringComparer.Ordinal);

    // R4 and US Core (pd-1) wrote these when as() still let collections through, and before a FHIR boolean and System.Boolean were told apart.
    private static string AsMeant(string expression) =>
        expression == "telecom or endpoint" ? "telecom.exists() or endpoint.exists()" : expression.Replace(".as(", ".ofType(", StringComparison.Ordinal).Replace(" is Boolean)", " is boolean)", StringComparison.Ordinal);

    /// <summary>The compiled expression; null where it is not FHIRPath.</summary>
    public static FhirPathExpression? Of(string expression) => Compiled.GetOrAdd(expression, static text =>
    {
        try
        {
            return FhirPathExpression.Compile(AsMeant(text));
        }
        catch (FhirPathSyntaxException)
        {
            // Said where the constraint is used, as a warning.
            return null;
        }
    });
}
