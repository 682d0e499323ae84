using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]/[id]/_history/[vid]</c> (R4 http.html, vread). Each version is judged by its own content.</summary>
public sealed class VRead(ResourceReader resources)
{
    /// <summary>200, 304, 404 (also for what the grant does not open) or 410 for the version that is a deletion.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (type, id, version) = (Address.Type(http), Address.Id(http), Address.Version(http));
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Read);
        refusal ??= version is null ? Refusal.NotFound() : null;
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        await (await resources.ReadVersionAsync(type, id, version!.Value, grant, http.RequestAborted) switch
        {
            ReadOutcome.Found(var resource) => ResourceResponse.WriteAsync(http, resource, rendering!),
            ReadOutcome.Gone(var deletion, var deleted) => ResourceResponse.GoneAsync(http, deletion, deleted),
            _ => OutcomeResponse.WriteAsync(http, Refusal.NotFound()),
        });
    }
}
