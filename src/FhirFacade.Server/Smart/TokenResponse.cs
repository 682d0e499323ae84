using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>JSON of the token endpoint, which nobody may keep (RFC 6749 section 5.1).</summary>
internal static class TokenResponse
{
    public static Task WriteAsync(HttpContext http, JsonObject json)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(json.ToJsonString(), http.RequestAborted);
    }
}
