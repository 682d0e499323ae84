using System.Collections.Immutable;
using FhirFacade.Server.Render;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FhirFacade.Server.Rest;

/// <summary>Reads how the answer is to be written: Accept, <c>_format</c>, <c>_pretty</c>, <c>_summary</c>, <c>_elements</c> (R4 http.html, content negotiation).</summary>
public static class Format
{
    private const string Json = "application/json; charset=utf-8";
    private const string TextJson = "text/json; charset=utf-8";
    private const string Xml = "application/xml; charset=utf-8";
    private const string TextXml = "text/xml; charset=utf-8";

    /// <summary>The rendering, or why there is none: 406 for a format that is not offered, 400 for a value that means nothing.</summary>
    public static (Rendering? Rendering, Refusal? Refusal) Negotiate(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Negotiate(request, Parameters.Of(request));
    }

    /// <summary>As above with the parameters of a search that came in the body.</summary>
    public static (Rendering? Rendering, Refusal? Refusal) Negotiate(HttpRequest request, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(parameters);
        string? format = null, pretty = null, summary = null, elements = null;
        foreach (var (name, value) in parameters)
        {
            switch (name)
            {
                case "_format": format = value; break;
                case "_pretty": pretty = value; break;
                case "_summary": summary = value; break;
                case "_elements": elements = elements is null ? value : $"{elements},{value}"; break;
            }
        }
        var contentType = string.IsNullOrEmpty(format) ? FromAccept(request.Headers.Accept) : FromFormat(format);
        if (contentType is null)
        {
            return (null, Refusal.NotAcceptable());
        }
        if (ReadSummary(summary) is not { } part)
        {
            return (null, Refusal.BadRequest("_summary is one of true, text, data, count and false"));
        }
        ImmutableArray<string> listed = [.. (elements ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (contentType == Rendering.FhirJson && pretty is null && part == Summary.False && listed.IsEmpty)
        {
            return (Rendering.Default, null);
        }
        return (new Rendering(contentType, pretty == "true", part, listed), null);
    }

    /// <summary>How an outcome is to be written: as the answer would have been, or as JSON where that cannot be said.</summary>
    public static Rendering ForOutcome(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var format = Parameters.Of(request).LastOrDefault(p => p.Key == "_format").Value;
        return (string.IsNullOrEmpty(format) ? FromAccept(request.Headers.Accept) : FromFormat(format)) is { } contentType && contentType != Rendering.FhirJson
            ? Rendering.Default with { ContentType = contentType }
            : Rendering.Default;
    }

    // A plus that came unescaped in an address has been read as a space.
    private static string? FromFormat(string format) => format.Split(';')[0].Trim().Replace(' ', '+').ToLowerInvariant() switch
    {
        "json" or "application/fhir+json" or "application/json+fhir" => Rendering.FhirJson,
        "application/json" => Json,
        "text/json" => TextJson,
        "xml" or "application/fhir+xml" or "application/xml+fhir" => Rendering.FhirXml,
        "application/xml" => Xml,
        "text/xml" => TextXml,
        _ => null,
    };

    private static string? FromAccept(StringValues accept)
    {
        if (accept.Count == 0 || accept.Count == 1 && accept[0] is "*/*" or "application/fhir+json" or "")
        {
            return Rendering.FhirJson;
        }
        if (!MediaTypeHeaderValue.TryParseList(accept!, out var types))
        {
            return null;
        }
        foreach (var type in types.Where(t => t.Quality is null or > 0 && IsR4(t)).OrderByDescending(t => t.Quality ?? 1.0))
        {
            if (Offered(type.MediaType.Value) is { } offered && !types.Any(t => t.Quality == 0 && Offered(t.MediaType.Value) == offered && !t.MatchesAllSubTypes))
            {
                return offered;
            }
        }
        return null;
    }

    private static string? Offered(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        "*/*" or "application/*" or "application/fhir+json" or "application/json+fhir" => Rendering.FhirJson,
        "application/json" => Json,
        "text/json" or "text/*" => TextJson,
        "application/fhir+xml" or "application/xml+fhir" => Rendering.FhirXml,
        "application/xml" => Xml,
        "text/xml" => TextXml,
        _ => null,
    };

    /// <summary>Whether a media type that names a release of FHIR names this one (R4 versioning.html, the MIME type parameter).</summary>
    internal static bool IsR4(MediaTypeHeaderValue type)
    {
        var named = type.Parameters.FirstOrDefault(p => p.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"');
        return named is null or "4.0" or "4.0.1";
    }

    private static Summary? ReadSummary(string? value) => value switch
    {
        null or "" or "false" => Summary.False,
        "true" => Summary.True,
        "text" => Summary.Text,
        "data" => Summary.Data,
        "count" => Summary.Count,
        _ => null,
    };
}
