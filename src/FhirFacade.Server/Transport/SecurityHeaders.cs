using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Transport;

/// <summary>What every answer tells browsers and caches, whoever wrote it. A page has a policy of its own, a public document a longer life.</summary>
public static class SecurityHeaders
{
    /// <summary>Nothing in an answer of the API may be run, shown inside of something else, or lead anywhere.</summary>
    public const string Policy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets them, before anybody else sets anything.</summary>
    public static void Apply(HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        // Not for a picture, script or style of another site; what apps fetch by CORS is not affected.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
