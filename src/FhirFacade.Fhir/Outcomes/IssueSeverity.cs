namespace FhirFacade.Fhir.Outcomes;

/// <summary>How bad an issue is (http://hl7.org/fhir/issue-severity), worst first.</summary>
public enum IssueSeverity
{
    /// <summary>The action was not completed at all.</summary>
    Fatal,

    /// <summary>The content breaks a rule; the action failed because of it.</summary>
    Error,

    /// <summary>The content is accepted, but something may be wrong with it.</summary>
    Warning,

    /// <summary>Said for the reader's information only.</summary>
    Information,
}
