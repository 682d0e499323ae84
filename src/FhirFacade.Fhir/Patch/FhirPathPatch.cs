using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Fhir.Patch;

/// <summary>FHIRPath Patch (https://hl7.org/fhir/R4/fhirpatch.html): operations as a Parameters resource.</summary>
public static class FhirPathPatch
{
    /// <summary>Greatest number of operations in a patch.</summary>
    public const int MaxOperations = 1000;

    /// <summary>
    /// Applies the operations in their order, or none of them: the first that cannot be done refuses the patch. The resource that came in
    /// is never changed. Each operation sees what the ones before it did. What an operation leaves empty is taken away
    /// up to the next element that is not. A delete whose path selects nothing does nothing. A patch must leave resourceType and id
    /// as they are; meta.versionId and meta.lastUpdated keep their values whatever it does to them.
    /// </summary>
    /// <param name="resource">The resource, without duplicate keys.</param>
    /// <param name="patch">The Parameters resource.</param>
    /// <param name="limits">What the result keeps to.</param>
    /// <param name="context">What the paths can ask, such as <c>memberOf</c>; R4's own terminology if null.</param>
    public static PatchResult Apply(JsonElement resource, JsonElement patch, ResourceLimits? limits = null, FhirPathContext? context = null)
    {
        if (patch.ValueKind != JsonValueKind.Object || !patch.TryGetProperty("resourceType"u8, out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Parameters"u8))
        {
            return PatchResult.Refuse(IssueType.Structure, "A FHIRPath Patch is a Parameters resource.");
        }

        if (StructureValidator.Validate(patch) is var issues && issues.Any(issue => issue.IsError))
        {
            return new(null, issues);
        }

        patch.TryGetProperty("parameter"u8, out var operations);
        if (operations.ValueKind == JsonValueKind.Array && operations.GetArrayLength() > MaxOperations)
        {
            return PatchResult.Refuse(IssueType.TooCostly, $"A patch has at most {MaxOperations} operations.");
        }

        var run = new FhirPathPatchRun(JsonObject.Create(resource.Clone())!, limits ?? ResourceLimits.Default, context);
        for (var i = 0; operations.ValueKind == JsonValueKind.Array && i < operations.GetArrayLength(); i++)
        {
            if (run.Apply(new PatchOperation(operations[i].Clone())) is { } failure)
            {
                return PatchResult.Refuse(failure.Code, failure.Rule, string.Create(CultureInfo.InvariantCulture, $"Parameters.parameter[{i}]"));
            }
        }

        return run.IsTooDeep
            ? PatchResult.Refuse(IssueType.TooCostly, "Objects and arrays become nested deeper than is taken.")
            : ProtectedElements.Finish(resource, run.Root);
    }
}
