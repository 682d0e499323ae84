using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Invariants: https://hl7.org/fhir/R4/conformance-rules.html#constraints</summary>
internal static class ConstraintCheck
{
    /// <summary>Reports a constraint that is false of a node; an empty result breaks nothing.</summary>
    public static void Check(InstanceNode node, Constraint constraint, Profile? profile, ValidationRun run)
    {
        if (constraint.Expression.Length == 0)
        {
            return;
        }

        var result = Test(constraint.Expression, node, out var isEvaluated);
        if (result == false)
        {
            var severity = constraint.IsWarning ? IssueSeverity.Warning : IssueSeverity.Error;
            run.Report(severity, IssueType.Invariant, node.Place, $"The constraint {constraint.Key}{Of(profile)} is not kept.", constraint.Key);
        }
        else if (!isEvaluated)
        {
            run.Report(IssueSeverity.Warning, IssueType.Exception, node.Place, $"The constraint {constraint.Key}{Of(profile)} cannot be evaluated.", constraint.Key);
        }
    }

    /// <summary>Whether an expression is not false of a node.</summary>
    public static bool Keeps(string expression, InstanceNode node) => Test(expression, node, out _) != false;

    /// <summary>Tests an expression on a node; null where its result is empty or it cannot be evaluated.</summary>
    private static bool? Test(string expression, InstanceNode node, out bool isEvaluated)
    {
        isEvaluated = false;
        try
        {
            var result = ConstraintCache.Of(expression) is { } compiled ? compiled.Test(node.Frame.Resource, node.ToFocus(), node.Frame.Context) : null;
            isEvaluated = ConstraintCache.Of(expression) is not null;
            return result;
        }
        catch (FhirPathEvaluationException)
        {
            // Told to the caller by isEvaluated.
            return null;
        }
    }

    private static string Of(Profile? profile) => profile is null ? "" : $" of {profile.Url}";
}
