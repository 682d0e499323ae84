using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Rules of Bundles that are not invariants: https://hl7.org/fhir/R4/bundle.html#bundle-unique</summary>
internal static class BundleRules
{
    public static void Check(InstanceNode bundle, ValidationRun run)
    {
        foreach (var entry in run.Children.Named(bundle, "entry"))
        {
            if (entry.Json.Text("fullUrl") is { } fullUrl && entry.Json.Part("resource") is var resource
                && resource.Text("id") is { } id && resource.Text("resourceType") is { } type
                && ReferenceTarget.TypeOf(fullUrl, R4.Definitions) == type && !fullUrl.EndsWith("/" + id, StringComparison.Ordinal))
            {
                run.Error(IssueType.Invalid, new NodePlace(entry.Place, "fullUrl"), "The fullUrl of a resource on a server ends with its id.");
            }
        }
    }
}
