namespace FhirFacade.Fhir.FhirPath;

/// <summary>Which reading of the specification an expression gets.</summary>
public enum FhirPathDialect
{
    /// <summary>FHIRPath as it is specified (N1), with R4's additions.</summary>
    Standard,

    /// <summary>
    /// As the expressions inside R4's own definitions are meant, which are older than some rules of N1: <c>as</c> filters a
    /// collection of several items, and a FHIR primitive passes for the system type that it converts to
    /// (<c>answer is Boolean</c>). For invariants.
    /// </summary>
    Definitions,

    /// <summary>
    /// As <see cref="Definitions"/>, for search parameters: <c>resolve()</c> knows the type of a target by its reference alone
    /// and never fetches it, and <c>|</c> keeps duplicates.
    /// </summary>
    Search,
}
