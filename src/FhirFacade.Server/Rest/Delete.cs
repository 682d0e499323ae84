using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>DELETE [base]/[type]/[id]</c> (R4 http.html, delete). The history stays.</summary>
internal sealed class Delete(ResourceWriter resources)
{
    /// <summary>204, also for what is not there or not open to the grant, which are not told apart; 403, or 412 (If-Match).</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (type, id) = (Address.Type(http), Address.Id(http));
        var refusal = Address.Refuse(type, grant, Interactions.Delete);
        int? ifMatch = null;
        if (refusal is null)
        {
            (ifMatch, refusal) = IfMatch.Read(http.Request);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        switch (await resources.DeleteAsync(type, id, ifMatch, grant, http.RequestAborted))
        {
            case WriteOutcome.Deleted(var version, var at):
                ResourceResponse.Version(http.Response, version, at);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case WriteOutcome.NotFound when ifMatch is null:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case WriteOutcome.NotFound or WriteOutcome.Conflict:
                await OutcomeResponse.WriteAsync(http, Refusal.PreconditionFailed());
                break;
            default:
                await OutcomeResponse.WriteAsync(http, Refusal.Forbidden(type, "delete"));
                break;
        }
    }
}
