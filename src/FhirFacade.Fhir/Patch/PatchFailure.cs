using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>Why an operation cannot be done.</summary>
/// <param name="Rule">The rule that was broken, without any of the content.</param>
/// <param name="Code">A code of http://hl7.org/fhir/issue-type.</param>
internal sealed record PatchFailure(string Rule, string Code = IssueType.Invalid);
