using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]/[id]</c> (R4 http.html, read).</summary>
public sealed class Read(ResourceReader resources)
{
    /// <summary>200, 304, 404 (also for what the grant does not open) or 410.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (type, id) = (Address.Type(http), Address.Id(http));
        var (rendering, refusal) = Format.Negotiate(http.Request);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        await (await resources.ReadAsync(type, id, grant, http.RequestAborted) switch
        {
            ReadOutcome.Found(var resource) => ResourceResponse.WriteAsync(http, resource, rendering!),
            ReadOutcome.Gone(var version, var deleted) => ResourceResponse.GoneAsync(http, version, deleted),
            // Why nothing of the type is found by this grant, or at all, may be said.
            _ => OutcomeResponse.WriteAsync(http, Address.Refuse(type, grant, Interactions.Read) ?? Refusal.NotFound()),
        });
    }
}
