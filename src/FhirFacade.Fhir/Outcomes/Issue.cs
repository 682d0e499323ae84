namespace FhirFacade.Fhir.Outcomes;

/// <summary>
/// One finding, as FHIR's OperationOutcome.issue. It names the rule and the place, never a value of the content:
/// issues are logged and shown to callers who may not see the content.
/// </summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">A code of http://hl7.org/fhir/issue-type, such as <c>structure</c> or <c>not-found</c>.</param>
/// <param name="Diagnostics">The rule that was broken, in words for a person.</param>
/// <param name="Expression">The place, as a simple FHIRPath such as <c>Patient.name[0].given[1]</c>; null where no element is meant.</param>
public sealed record Issue(IssueSeverity Severity, string Code, string Diagnostics, string? Expression = null)
{
    /// <summary>The key of the constraint that was broken, such as <c>pat-1</c>; null where it is another kind of rule.</summary>
    public string? ConstraintKey { get; init; }

    /// <summary>Whether the content or action is refused because of this issue.</summary>
    public bool IsError => Severity <= IssueSeverity.Error;

    /// <summary>An issue of severity error.</summary>
    public static Issue Error(string code, string diagnostics, string? expression = null) =>
        new(IssueSeverity.Error, code, diagnostics, expression);

    /// <summary>An issue of severity warning.</summary>
    public static Issue Warning(string code, string diagnostics, string? expression = null) =>
        new(IssueSeverity.Warning, code, diagnostics, expression);

    /// <summary>An issue of severity information.</summary>
    public static Issue Information(string code, string diagnostics, string? expression = null) =>
        new(IssueSeverity.Information, code, diagnostics, expression);
}
