using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Patch;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>Reads a patch (R4 http.html, patch): a JSON Patch, or a FHIRPath Patch in JSON or XML.</summary>
internal static class ResourcePatch
{
    /// <summary>The media types of patches, as <c>Accept-Patch</c> and the CapabilityStatement name them.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["application/json-patch+json", "application/fhir+json", "application/fhir+xml"];

    /// <summary>The change, or the refusal: 415 media type, 413 size, 400 unreadable.</summary>
    public static async Task<(Func<JsonElement, ChangedContent>? Patch, Refusal? Refusal)> ReadAsync(HttpContext http, ContentCheck check, Conditions conditions, AccessGrant grant)
    {
        if (BodyFormat.Of(http.Request.ContentType) is not { } format)
        {
            http.Response.Headers["Accept-Patch"] = string.Join(", ", Formats);
            return (null, Refusal.One(StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, $"a patch is one of {string.Join(", ", Formats)}"));
        }
        if (await RequestBody.BytesAsync(http, check.Limits.MaxBytes) is not { } bytes)
        {
            return (null, RequestBody.TooLong());
        }
        if (format == BodyFormat.JsonPatch)
        {
            return Parse(bytes, format, check);
        }
        var (parameters, refusal) = RequestBody.Parse(bytes, format, check.Limits);
        return refusal is null ? Of(parameters, check, await conditions.TermsOfPathsAsync([parameters], grant, http.RequestAborted)) : (null, refusal);
    }

    /// <summary>The change that bytes of a format stand for.</summary>
    public static (Func<JsonElement, ChangedContent>? Patch, Refusal? Refusal) Parse(ReadOnlyMemory<byte> bytes, string format, ContentCheck check)
    {
        if (format == BodyFormat.JsonPatch)
        {
            return Unreadable(bytes) is { } place
                ? (null, Refusal.BadRequest(place, IssueType.Structure))
                : (resource => Checked(JsonPatch.Apply(resource, bytes, check.Limits), check), null);
        }
        var (parameters, refusal) = RequestBody.Parse(bytes, format, check.Limits);
        return refusal is null ? Of(parameters, check) : (null, refusal);
    }

    /// <summary>The change that a Parameters resource stands for.</summary>
    /// <param name="parameters">The resource.</param>
    /// <param name="check">What its result has to pass.</param>
    /// <param name="terminology">What its paths know (<see cref="Conditions.TermsOfPathsAsync"/>).</param>
    public static (Func<JsonElement, ChangedContent>? Patch, Refusal? Refusal) Of(JsonElement parameters, ContentCheck check, TerminologySet? terminology = null) =>
        parameters.TryGetProperty("resourceType", out var type) && type.ValueEquals("Parameters")
            ? (resource => Checked(FhirPathPatch.Apply(resource, parameters, check.Limits, check.ExpressionsOf(terminology)), check), null)
            : (null, Refusal.BadRequest("a FHIRPath Patch is a Parameters resource", IssueType.Structure));

    private static ChangedContent Checked(PatchResult patched, ContentCheck check)
    {
        if (patched.Resource is null)
        {
            return new ChangedContent(null, patched.Issues);
        }
        var resource = JsonElement.Parse(ResourceContent.ToBytes(patched.Resource));
        return check.Refuse(resource) is { IsEmpty: false } issues ? new ChangedContent(null, issues) : new ChangedContent(resource, []);
    }

    private static string? Unreadable(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Array ? null : "a JSON Patch is an array of operations";
        }
        catch (JsonException e)
        {
            return $"the patch is not JSON; reading failed in line {e.LineNumber + 1} at byte {e.BytePositionInLine + 1}";
        }
    }
}
