using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/metadata</c> (R4 http.html, capabilities): open to everybody, the same for everybody.</summary>
internal sealed class Capabilities(ServedApi api)
{
    private readonly Func<byte[]> statement = ServedApi.Kept(() => ResourceContent.ToBytes(api.Statement()));
    private readonly Func<byte[]> terminology = ServedApi.Kept(() => ResourceContent.ToBytes(api.TerminologyStatement()));

    /// <summary>200, or 304 for who has it already; <c>mode</c> is full, normative (the same: all of it is R4's) or terminology.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var (rendering, refusal) = Format.Negotiate(http.Request);
        var mode = Parameters.Of(http.Request).LastOrDefault(p => p.Key == "mode").Value ?? "full";
        refusal ??= mode is "full" or "normative" or "terminology" ? null : Refusal.BadRequest("mode is one of full, normative and terminology", IssueType.Value);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (type, bytes) = mode == "terminology" ? ("TerminologyCapabilities", terminology()) : ("CapabilityStatement", statement());
        await ResourceResponse.WriteAsync(http, new StoredResource(type, "fhirfacade", 1, api.Since, bytes), rendering!);
    }
}
