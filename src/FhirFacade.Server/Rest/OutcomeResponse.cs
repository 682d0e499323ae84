using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Admin;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>An answer that is an OperationOutcome: every refusal and every failure of this server.</summary>
public static class OutcomeResponse
{
    /// <summary>Writes the issues with a status.</summary>
    public static async Task WriteAsync(HttpContext http, int status, params IEnumerable<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (Problem.IsFor(http.Request))
        {
            await Problem.WriteAsync(http, status, issues);
            return;
        }
        var body = OperationOutcome.ToJson(issues);
        var rendering = Format.ForOutcome(http.Request);
        if (rendering.IsXml)
        {
            body = ResourceXml.Of("OperationOutcome", body, rendering)!;
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = rendering.ContentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        if (status < StatusCodes.Status500InternalServerError)
        {
            await Disclosures.WrittenAsync(http);
        }
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Writes a refusal.</summary>
    public static Task WriteAsync(HttpContext http, Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return WriteAsync(http, refusal.Status, refusal.Issues.AsEnumerable());
    }
}
