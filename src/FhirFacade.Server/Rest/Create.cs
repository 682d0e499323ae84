using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>POST [base]/[type]</c> (R4 http.html, create).</summary>
internal sealed class Create(ResourceWriter resources, SmartSettings settings)
{
    /// <summary>201, 400, 403 (also for content that the grant does not open), 413, 415 or 422.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Create);
        refusal ??= http.Request.Headers.ContainsKey("If-None-Exist")
            ? Refusal.BadRequest("conditional create is not offered", IssueType.NotSupported)
            : null;
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (parsed, unreadable) = await RequestBody.ReadAsync(http, type);
        if (unreadable is not null)
        {
            await OutcomeResponse.WriteAsync(http, unreadable);
            return;
        }
        using (parsed)
        {
            await (await resources.CreateAsync(type, parsed!.Document!.RootElement, grant, http.RequestAborted) switch
            {
                WriteOutcome.Created(var resource) =>
                    ResourceResponse.WriteAsync(http, resource, rendering!, StatusCodes.Status201Created, Prefer.Of(http.Request).Return, settings.FhirBase),
                WriteOutcome.Forbidden => OutcomeResponse.WriteAsync(http, Refusal.ForbiddenContent()),
                _ => OutcomeResponse.WriteAsync(http, Refusal.Conflict()),
            });
        }
    }
}
