using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Bindings: https://hl7.org/fhir/R4/terminologies.html#strength. What cannot be decided is passed over.</summary>
internal static class BindingCheck
{
    public static void Check(InstanceNode node, Binding binding, Profile? profile, ValidationRun run)
    {
        if (CodedValue.IsIn(node, binding.ValueSet, run.Terminology, out var hasCode) != false)
        {
            return;
        }

        var rule = profile is null ? "" : $", as {profile.Url} demands";
        if (binding.Strength == BindingStrength.Required)
        {
            // A concept of R4 may be text alone; a profile that requires a code means it.
            if (hasCode || (profile is not null && node.Type.Name == "CodeableConcept" && !node.Json.Items("extension").Any()))
            {
                run.Error(IssueType.CodeInvalid, node.Place, $"No code is in the required value set {binding.ValueSet}{rule}.");
            }
        }
        else if (hasCode)
        {
            run.Report(IssueSeverity.Warning, IssueType.CodeInvalid, node.Place, $"No code is in the extensible value set {binding.ValueSet}{rule}.");
        }
    }
}
