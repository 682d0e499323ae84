using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Narrative;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>What R4 itself demands beyond structure: invariants, bindings, narrative, extensions, the profiles that are claimed.</summary>
internal sealed class RuleWalk(ValidationRun run, ProfileCheck profiles)
{
    private readonly ExtensionCheck _extensions = new(run, profiles);

    /// <summary>Checks a node and all below it.</summary>
    public void Walk(InstanceNode node)
    {
        Constraints(node, node.Type.Constraints);
        if (node.Element is { } element)
        {
            Constraints(node, element.Constraints);
            Binding(node, element.Binding);
        }

        switch (node.Type.Name)
        {
            case "Extension":
                _extensions.Check(node);
                break;
            case "xhtml" when node.Json.ValueKind == JsonValueKind.String && NarrativeXhtml.Fault(node.Json.GetString()!) is { } fault:
                run.Error(IssueType.Invariant, node.Place, fault, "txt-1");
                break;
            case "Coding":
                CodingCheck.Check(node, run);
                break;
            case "Bundle":
                BundleRules.Check(node, run);
                break;
        }

        if (node.Type.Kind == TypeKind.Resource)
        {
            profiles.Claims(node);
        }

        foreach (var child in run.Children.All(node))
        {
            Walk(child);
        }
    }

    // Those that the structure's walk has checked, and narrative, which has a check of its own.
    private static bool IsCheckedElsewhere(string key) => key is "ele-1" or "ext-1" or "ref-1" or "dom-2" or "txt-1" or "txt-2";

    private void Constraints(InstanceNode node, IEnumerable<Constraint> constraints)
    {
        foreach (var constraint in constraints)
        {
            if (!IsCheckedElsewhere(constraint.Key))
            {
                ConstraintCheck.Check(node, constraint, null, run);
            }
        }
    }

    // Where the codes of a required value set are listed, the structure's walk has looked.
    private void Binding(InstanceNode node, Binding? binding)
    {
        if (binding is not null && !(binding.Strength == BindingStrength.Required && R4.Definitions.ValueSet(binding.ValueSet) is not null))
        {
            BindingCheck.Check(node, binding, null, run);
        }
    }
}
