using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Bindings: https://hl7.org/fhir/R4/terminologies.html#strength. What cannot be decided is passed over.</summary>
internal static class BindingCheck
{
    public static void Check(InstanceNode node, Binding binding, Profile? profile, ValidationRun run)
    {
        if (binding.MaxValueSet is { } max && CodedValue.IsIn(node, max, run.Terminology, out var hasAny) == false && hasAny)
        {
            run.Error(IssueType.CodeInvalid, node.Place, $"No code is in {max}, the widest value set that is allowed{By(profile)}.");
        }

        if (CodedValue.IsIn(node, binding.ValueSet, run.Terminology, out var hasCode) != false)
        {
            return;
        }

        switch (binding.Strength)
        {
            // A concept of R4 may be text alone; a profile that requires a code means it.
            case BindingStrength.Required when hasCode || (profile is not null && node.Type.Name == "CodeableConcept" && !node.Json.Items("extension").Any()):
                run.Error(IssueType.CodeInvalid, node.Place, $"No code is in the required value set {binding.ValueSet}{By(profile)}.");
                break;
            case BindingStrength.Extensible when hasCode:
                run.Report(IssueSeverity.Warning, IssueType.CodeInvalid, node.Place, $"No code is in the extensible value set {binding.ValueSet}{By(profile)}.");
                break;
            case BindingStrength.Preferred when hasCode:
                run.Report(IssueSeverity.Information, IssueType.CodeInvalid, node.Place, $"No code is in the preferred value set {binding.ValueSet}{By(profile)}.");
                break;
        }
    }

    private static string By(Profile? profile) => profile is null ? "" : $", as {profile.Url} demands";
}
