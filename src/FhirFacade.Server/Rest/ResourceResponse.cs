using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;
using System.Globalization;
using System.Text.Json;

namespace FhirFacade.Server.Rest;

/// <summary>An answer that is one resource: stored bytes in one write, unless the caller asks for a part or for indentation.</summary>
internal static class ResourceResponse
{
    /// <summary>Writes the version; 304 without a body to a reader that has it already (R4 http.html, conditional read).</summary>
    public static async Task WriteAsync(HttpContext http, StoredResource resource, Rendering rendering, int status = StatusCodes.Status200OK)
    {
        var response = http.Response;
        Version(response, resource.Version, resource.LastUpdated);
        if (status == StatusCodes.Status200OK && IsKnown(http.Request, resource))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        Disclosures.Of(http)?.Add(resource);
        if (rendering.IsXml)
        {
            await WriteXmlAsync(http, resource, rendering, status);
            return;
        }
        response.StatusCode = status;
        response.ContentType = rendering.ContentType;
        if (rendering.IsVerbatim || rendering is { Summary: Summary.Count, Pretty: false })
        {
            response.ContentLength = resource.Doc.Length;
            await Disclosures.WrittenAsync(http);
            await response.BodyWriter.WriteAsync(resource.Doc, http.RequestAborted);
            return;
        }
        await Disclosures.WrittenAsync(http);
        var part = rendering.Summary == Summary.Count ? rendering with { Summary = Summary.False } : rendering;
        await using var writer = new Utf8JsonWriter(response.BodyWriter, part.WriterOptions);
        StoredJson.Write(writer, resource.Type, resource.Doc.Span, part);
        writer.Flush();
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task WriteXmlAsync(HttpContext http, StoredResource resource, Rendering rendering, int status)
    {
        if (ResourceXml.Of(resource.Type, resource.Doc.Span, rendering) is not { } xml)
        {
            await OutcomeResponse.WriteAsync(http, Refusal.One(StatusCodes.Status406NotAcceptable, IssueType.NotSupported, "the resource cannot be written as XML; ask for JSON"));
            return;
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = rendering.ContentType;
        http.Response.ContentLength = xml.Length;
        await Disclosures.WrittenAsync(http);
        await http.Response.BodyWriter.WriteAsync(xml, http.RequestAborted);
    }

    /// <summary>Writes the answer to a create or update, in the form that <c>Prefer: return=</c> asks for.</summary>
    public static Task WriteAsync(HttpContext http, StoredResource resource, Rendering rendering, int status, PreferReturn wanted, string fhirBase)
    {
        if (status == StatusCodes.Status201Created)
        {
            http.Response.Headers.Location = string.Create(CultureInfo.InvariantCulture, $"{fhirBase}/{resource.Type}/{resource.Id}/_history/{resource.Version}");
        }
        Prefer.Applied(http, "return");
        var warnings = ConsentWarnings.Of(http, resource);
        switch (wanted)
        {
            case PreferReturn.Minimal:
                Disclosures.Of(http)?.Add(resource);
                Version(http.Response, resource.Version, resource.LastUpdated);
                http.Response.StatusCode = status;
                return Task.CompletedTask;
            case PreferReturn.OperationOutcome:
                Disclosures.Of(http)?.Add(resource);
                Version(http.Response, resource.Version, resource.LastUpdated);
                return OutcomeResponse.WriteAsync(http, status, [Issue.Information(IssueType.Informational, "the resource is stored"), .. warnings]);
            default:
                return WriteAsync(http, resource, rendering, status);
        }
    }

    /// <summary>410, with the version that the deletion is.</summary>
    public static Task GoneAsync(HttpContext http, int version, DateTimeOffset lastUpdated)
    {
        Version(http.Response, version, lastUpdated);
        return OutcomeResponse.WriteAsync(http, Refusal.Gone());
    }

    /// <summary>ETag and Last-Modified of a version. Nobody on the way may keep the answer.</summary>
    public static void Version(HttpResponse response, int version, DateTimeOffset lastUpdated)
    {
        var headers = response.Headers;
        headers.ETag = ETag.Of(version);
        headers.LastModified = lastUpdated.ToString("R", CultureInfo.InvariantCulture);
        headers.CacheControl = "no-store";
    }

    private static bool IsKnown(HttpRequest request, StoredResource resource)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return false;
        }
        if (request.Headers.IfNoneMatch is { Count: > 0 } tags)
        {
            return ETag.Lists(tags.ToString(), resource.Version);     // RFC 9110 section 13.1.3: then If-Modified-Since is not looked at
        }
        return request.Headers.IfModifiedSince is { Count: > 0 } since
            && DateTimeOffset.TryParseExact(since.ToString(), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && resource.LastUpdated.UtcTicks / TimeSpan.TicksPerSecond <= time.UtcTicks / TimeSpan.TicksPerSecond;
    }
}
