using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Validation;

/// <summary>Whether a Coding is one of its system, and is called as the system calls it (https://hl7.org/fhir/R4/datatypes.html#Coding). Advice only.</summary>
internal static class CodingCheck
{
    public static void Check(InstanceNode coding, ValidationRun run)
    {
        if (coding.Text("system") is not { } system || coding.Text("code") is not { } code || run.Terminology.CodeSystem(system) is not { } codes)
        {
            return;
        }

        if (codes.Contains(code) == false)
        {
            run.Report(IssueSeverity.Warning, IssueType.CodeInvalid, new NodePlace(coding.Place, "code"), $"The code is not one of {codes.Url}.");
        }
        else if (coding.Text("display") is { } display && IsEnglish(coding) && run.Terminology.IsDisplay(system, code, display) == false)
        {
            run.Report(IssueSeverity.Warning, IssueType.Invalid, new NodePlace(coding.Place, "display"), $"The display is none of the names that the code has in {codes.Url}.");
        }
    }

    // The names at hand are English.
    private static bool IsEnglish(InstanceNode coding) => coding.Frame.Resource.Text("language") is not { } language || language.StartsWith("en", StringComparison.OrdinalIgnoreCase);
}
