using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>Extensions: https://hl7.org/fhir/R4/defining-extensions.html</summary>
internal sealed class ExtensionCheck(ValidationRun run, ProfileCheck profiles)
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/";

    /// <summary>Checks that the extension is known, keeps its definition and may stand where it does.</summary>
    public void Check(InstanceNode extension)
    {
        // A relative url is part of another extension, which defines it.
        if (extension.Text("url") is not { } url || !url.Contains(':', StringComparison.Ordinal))
        {
            return;
        }

        if (run.Profiles.Find(url) is not { } profile)
        {
            // What it modifies would be misunderstood (https://hl7.org/fhir/R4/extensibility.html#modifierExtension).
            var isModifier = extension.Element?.Name == "modifierExtension";
            run.Report(isModifier ? IssueSeverity.Error : IssueSeverity.Warning, IssueType.Extension, extension.Place, isModifier ? "The modifier extension is not known." : "The extension is not known.");
        }
        else if (profile.Type != "Extension")
        {
            run.Error(IssueType.Extension, extension.Place, "The url of the extension is that of something else.");
        }
        else
        {
            profiles.Check(extension, profile);
            if (!profile.Contexts.IsEmpty && extension.Parent is { } holder && !profile.Contexts.Any(context => Allows(context, holder)))
            {
                run.Error(IssueType.Extension, extension.Place, $"The extension {profile.Url} may not stand here.");
            }
            else if (extension.Parent is { } parent && !profile.ContextInvariants.All(invariant => ConstraintCheck.Keeps(invariant, parent)))
            {
                run.Error(IssueType.Extension, extension.Place, $"The extension {profile.Url} may not stand here: a rule for its place is not kept.");
            }
        }
    }

    private static bool Allows(ExtensionContext context, InstanceNode holder) => context.Type switch
    {
        "extension" => holder.Type.Name == "Extension" && holder.Text("url") == context.Expression,
        "fhirpath" => IsSelected(context.Expression, holder),
        _ => IsElement(context.Expression, holder),
    };

    private static bool IsElement(string expression, InstanceNode holder)
    {
        var hash = expression.IndexOf('#', StringComparison.Ordinal);
        var path = hash < 0 ? expression : expression[(hash + 1)..];
        return path == "Element" || holder.Element?.Path == path || holder.Element?.Path == path + "[x]"
            || PathWithin(holder) == path || R4.Definitions.IsA(holder.Type.Name, path)
            || (path.StartsWith(Core, StringComparison.Ordinal) && R4.Definitions.IsA(holder.Type.Name, path[Core.Length..]));
    }

    /// <summary>The path from the resource, as in <c>Patient.contact.name.family</c>.</summary>
    private static string PathWithin(InstanceNode node) => node.Parent is null || node.Type.Kind == TypeKind.Resource
        ? node.Type.Name
        : $"{PathWithin(node.Parent)}.{node.Element!.Name}{(node.Element.IsChoice ? "[x]" : "")}";

    private static bool IsSelected(string expression, InstanceNode holder)
    {
        try
        {
            return ConstraintCache.Of(expression)?.Evaluate(holder.Frame.Resource, holder.Frame.Context).Any(value => IsSame(value.Json, holder.Json)) ?? true;
        }
        catch (FhirPathEvaluationException)
        {
            // An expression that fails selects nothing.
            return false;
        }
    }

    private static bool IsSame(JsonElement one, JsonElement other) =>
        one.ValueKind != JsonValueKind.Undefined && other.ValueKind != JsonValueKind.Undefined
        && JsonMarshal.GetRawUtf8Value(one) == JsonMarshal.GetRawUtf8Value(other);
}
