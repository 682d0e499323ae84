using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Patch;

/// <summary>JSON Patch (RFC 6902), <c>application/json-patch+json</c>.</summary>
public static class JsonPatch
{
    /// <summary>Greatest number of operations in a patch.</summary>
    public const int MaxOperations = 1000;

    /// <summary>As below, for a patch as it came. Never throws on content.</summary>
    public static PatchResult Apply(JsonElement resource, ReadOnlyMemory<byte> patch, ResourceLimits? limits = null)
    {
        limits ??= ResourceLimits.Default;
        if (patch.Length > limits.MaxBytes)
        {
            return PatchResult.Refuse(IssueType.TooLong, $"The patch is longer than {limits.MaxBytes} bytes.");
        }

        try
        {
            using var document = JsonDocument.Parse(patch, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
            return System.Text.Unicode.Utf8.IsValid(patch.Span) && SurrogateEscapes.ArePaired(patch.Span)
                ? Apply(resource, document.RootElement.Clone(), limits)
                : PatchResult.Refuse(IssueType.Structure, "A text of the patch is not well-formed.");
        }
        catch (JsonException exception)
        {
            return PatchResult.Refuse(IssueType.Structure, $"The patch is not JSON of at most {limits.MaxDepth} levels; reading failed in line {exception.LineNumber + 1} at byte {exception.BytePositionInLine + 1}.");
        }
    }

    /// <summary>
    /// Applies the operations in their order, or none of them: the first that cannot be done refuses the patch. The resource that came in
    /// is never changed. A patch must leave resourceType and id as they are; meta.versionId and meta.lastUpdated keep their values
    /// whatever it does to them. Issues name the operation by its place in the patch, counted from 0.
    /// </summary>
    /// <param name="resource">The resource, whose root is an object without duplicate keys.</param>
    /// <param name="patch">The array of operations; the result may refer to its document.</param>
    /// <param name="limits">What the result keeps to.</param>
    public static PatchResult Apply(JsonElement resource, JsonElement patch, ResourceLimits? limits = null)
    {
        if (patch.ValueKind != JsonValueKind.Array)
        {
            return PatchResult.Refuse(IssueType.Structure, "A JSON Patch is an array of operations.");
        }

        if (patch.GetArrayLength() > MaxOperations)
        {
            return PatchResult.Refuse(IssueType.TooCostly, $"A patch has at most {MaxOperations} operations.");
        }

        if (!DuplicateKeys.Find(patch).IsEmpty)
        {
            return PatchResult.Refuse(IssueType.Structure, "A key occurs twice in one object of the patch.");
        }

        var run = new JsonPatchRun(JsonObject.Create(resource.Clone()), limits ?? ResourceLimits.Default);
        var number = 0;
        foreach (var operation in patch.EnumerateArray())
        {
            if (run.Apply(operation) is { } failure)
            {
                return PatchResult.Refuse(failure.Code, string.Create(CultureInfo.InvariantCulture, $"Operation {number} of the patch: {failure.Rule}"));
            }

            number++;
        }

        return run.Root is JsonObject result
            ? ProtectedElements.Finish(resource, result)
            : PatchResult.Refuse(IssueType.Structure, "The patch leaves no JSON object.");
    }
}
