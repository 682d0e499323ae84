using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirFacade.Server.Admin;

/// <summary>An error as problem details (RFC 9457): the rule that was broken, never a value that was sent.</summary>
internal static class Problem
{
    /// <summary>Whether an address answers so, rather than with an OperationOutcome.</summary>
    public static bool IsFor(HttpRequest request) => request.Path.StartsWithSegments(AdminEndpoints.Root);

    /// <summary>Writes the problem.</summary>
    public static Task WriteAsync(HttpContext http, int status, string detail)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json; charset=utf-8";
        return http.Response.WriteAsync(
            new JsonObject { ["title"] = ReasonPhrases.GetReasonPhrase(status), ["status"] = status, ["detail"] = detail, ["instance"] = "urn:request:" + http.TraceIdentifier }.ToJsonString(), http.RequestAborted);
    }

    /// <summary>Writes issues that would elsewhere be an OperationOutcome.</summary>
    public static Task WriteAsync(HttpContext http, int status, IEnumerable<Issue> issues) => WriteAsync(http, status, string.Join("; ", issues.Select(issue => issue.Diagnostics)));
}
