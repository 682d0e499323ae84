using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Xml;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FhirFacade.Server.Rest;

/// <summary>Reads the resource that a request brings, in JSON or XML.</summary>
internal static class RequestBody
{
    /// <summary>The parsed and valid resource, or the refusal: 415 media type, 413 size, 400 unreadable, 422 not a valid resource of the type.</summary>
    /// <param name="http">The request.</param>
    /// <param name="check">What the resource has to pass.</param>
    /// <param name="type">The type that it has to be.</param>
    /// <param name="id">The id that it has to have; null where the server chooses one.</param>
    public static async Task<(JsonElement Resource, Refusal? Refusal)> ReadAsync(HttpContext http, ContentCheck check, string type, string? id = null)
    {
        var (resource, refusal) = await ReadAnyAsync(http, check.Limits);
        return (resource, refusal ?? Check(resource, check, type, id));
    }

    /// <summary>A resource of whatever type, not validated: 415 media type, 413 size, 400 unreadable.</summary>
    public static async Task<(JsonElement Resource, Refusal? Refusal)> ReadAnyAsync(HttpContext http, ResourceLimits limits)
    {
        var (json, refusal) = await ReadJsonAsync(http, limits);
        return refusal is null ? Parse(json, BodyFormat.Json, limits) : (default, refusal);
    }

    /// <summary>The body as JSON, which is not parsed yet: 415 media type, 413 size, 400 for XML that cannot be read.</summary>
    public static async Task<(ReadOnlyMemory<byte> Json, Refusal? Refusal)> ReadJsonAsync(HttpContext http, ResourceLimits limits)
    {
        var format = BodyFormat.Of(http.Request.ContentType);
        if (format is not (BodyFormat.Json or BodyFormat.Xml))
        {
            return (default, Refusal.One(StatusCodes.Status415UnsupportedMediaType, IssueType.NotSupported, "the body is to be application/fhir+json or application/fhir+xml"));
        }
        if (await BytesAsync(http, limits.MaxBytes) is not { } bytes)
        {
            return (default, TooLong());
        }
        return format == BodyFormat.Xml ? ToJson(bytes, limits) : (bytes, null);
    }

    /// <summary>Parses one resource in a format of FHIR.</summary>
    public static (JsonElement Resource, Refusal? Refusal) Parse(ReadOnlyMemory<byte> bytes, string format, ResourceLimits limits)
    {
        if (format == BodyFormat.Xml)
        {
            (bytes, var refusal) = ToJson(bytes, limits);
            if (refusal is not null)
            {
                return (default, refusal);
            }
        }
        using var parsed = ResourceParser.Parse(bytes, limits);
        return parsed.Document is { } document
            ? (document.RootElement.Clone(), null)
            : (default, new Refusal(StatusCodes.Status400BadRequest, parsed.Issues));
    }

    private static (ReadOnlyMemory<byte> Json, Refusal? Refusal) ToJson(ReadOnlyMemory<byte> xml, ResourceLimits limits)
    {
        var read = XmlResourceReader.Read(xml, limits);
        return read.Resource is null ? (default, new Refusal(StatusCodes.Status400BadRequest, read.Issues)) : (read.ToJson(), null);
    }

    /// <summary>400 or 422 for what is not a valid resource of the type with the id.</summary>
    public static Refusal? Check(JsonElement resource, ContentCheck check, string type, string? id)
    {
        if (!resource.TryGetProperty("resourceType", out var named) || named.ValueKind != JsonValueKind.String || !named.ValueEquals(type))
        {
            return Refusal.BadRequest("the resourceType in the body is not the type in the address");
        }
        if (id is not null && IdOf(resource) != id)
        {
            return Refusal.BadRequest("the body is to have the id that is in the address");
        }
        return check.Refuse(resource) is { IsEmpty: false } issues ? new Refusal(StatusCodes.Status422UnprocessableEntity, issues) : null;
    }

    /// <summary>The logical id in a resource; null if there is none.</summary>
    public static string? IdOf(JsonElement resource) =>
        resource.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;

    /// <summary>413.</summary>
    public static Refusal TooLong() => Refusal.One(StatusCodes.Status413PayloadTooLarge, IssueType.TooLong, "the body is larger than is allowed");

    /// <summary>The whole body, until the request has been answered; null if it is longer than the limit.</summary>
    public static async Task<ReadOnlyMemory<byte>?> BytesAsync(HttpContext http, int limit)
    {
        // Its announced length is believed only so far.
        var body = new RentedBytes((int)Math.Clamp(http.Request.ContentLength ?? 0, 1024, 1024 * 1024));
        http.Response.RegisterForDispose(body);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (body.Length + read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return null;
            }
            foreach (var part in read.Buffer)
            {
                body.Add(part.Span);
            }
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return body.Memory;
            }
        }
    }
}

/// <summary>What a body is written in, by its media type.</summary>
internal static class BodyFormat
{
    /// <summary>A resource in JSON.</summary>
    public const string Json = "json";

    /// <summary>A resource in XML.</summary>
    public const string Xml = "xml";

    /// <summary>A JSON Patch (RFC 6902).</summary>
    public const string JsonPatch = "json-patch";

    /// <summary>One of the above; null for another media type, another release of FHIR or another charset than UTF-8.</summary>
    public static string? Of(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !Format.IsR4(type)
            || (type.Charset.Length > 0 && !type.Charset.Value!.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/fhir+json" or "application/json" or "application/json+fhir" or "text/json" => Json,
            "application/fhir+xml" or "application/xml" or "application/xml+fhir" or "text/xml" => Xml,
            "application/json-patch+json" => JsonPatch,
            _ => null,
        };
    }
}
