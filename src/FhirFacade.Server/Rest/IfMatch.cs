using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>The version that a writer expects to be current (R4 http.html, managing resource contention).</summary>
internal static class IfMatch
{
    /// <summary>The version; null without the header; a refusal for <c>*</c> or a tag that is none of ours.</summary>
    public static (int? Version, Refusal? Refusal) Read(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            // If-None-Match: * on a write asks that there be none (RFC 9110 section 13.1.2).
            return request.Headers.IfNoneMatch.ToString() == "*" ? (0, null) : (null, null);
        }
        return ETag.Parse(header.ToString()) is { } version
            ? (version, null)
            : (null, Refusal.BadRequest("If-Match is to be one entity tag such as W/\"3\""));
    }
}
