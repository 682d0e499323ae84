using System.Buffers;
using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FhirFacade.Server.Rest;

/// <summary>Reads the resource that a create or update brings.</summary>
internal static class RequestBody
{
    /// <summary>The parsed and valid resource, or the refusal: 415 media type, 413 size, 400 not JSON, 422 not a valid resource of the type.</summary>
    /// <param name="http">The request.</param>
    /// <param name="type">The type that it has to be.</param>
    /// <param name="id">The id that it has to have; null where the server chooses one.</param>
    public static async Task<(ResourceParseResult? Resource, Refusal? Refusal)> ReadAsync(HttpContext http, string type, string? id = null)
    {
        if (!IsJson(http.Request.ContentType))
        {
            return (null, Refusal.One(StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, "the body is to be application/fhir+json"));
        }
        var limits = ResourceLimits.Default;
        if (await BytesAsync(http, limits.MaxBytes) is not { } bytes)
        {
            return (null, Refusal.One(StatusCodes.Status413PayloadTooLarge, IssueType.TooLong, "the body is larger than is allowed"));
        }
        var parsed = ResourceParser.Parse(bytes, limits);
        if (Check(parsed, type, id) is { } refusal)
        {
            parsed.Dispose();
            return (null, refusal);
        }
        return (parsed, null);
    }

    private static Refusal? Check(ResourceParseResult parsed, string type, string? id)
    {
        if (parsed.Document is not { } document)
        {
            return new Refusal(StatusCodes.Status400BadRequest, parsed.Issues);
        }
        if (!document.RootElement.TryGetProperty("resourceType", out var named) || named.ValueKind != JsonValueKind.String || !named.ValueEquals(type))
        {
            return Refusal.BadRequest("the resourceType in the body is not the type in the address");
        }
        if (id is not null && !(document.RootElement.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String && own.ValueEquals(id)))
        {
            return Refusal.BadRequest("the body is to have the id that is in the address");
        }
        var issues = StructureValidator.Validate(document.RootElement);
        return issues.Any(i => i.IsError) ? new Refusal(StatusCodes.Status422UnprocessableEntity, issues) : null;
    }

    private static async Task<byte[]?> BytesAsync(HttpContext http, int limit)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Value?.ToLowerInvariant() is "application/fhir+json" or "application/json" or "application/json+fhir" or "text/json"
        && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
}
