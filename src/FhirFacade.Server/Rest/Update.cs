using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>PUT [base]/[type]/[id]</c> (R4 http.html, update), which also creates under an id of the client's choice.</summary>
/// <remarks>
/// A client that sees only some resources of the type may not choose ids: whether an id is taken by a resource that it must not
/// know of would show in the answer. For it, both cases are 404.
/// </remarks>
internal sealed class Update(ResourceReader stored, ResourceWriter resources, SmartSettings settings)
{
    /// <summary>200, 201, 400, 403 (content that the grant does not open), 404, 412 (If-Match), 413, 415 or 422.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (type, id) = (Address.Type(http), Address.Id(http));
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Update);
        refusal ??= Address.IsId(id) ? null : Refusal.BadRequest("the address names no valid id", IssueType.Value);
        int? ifMatch = null;
        if (refusal is null)
        {
            (ifMatch, refusal) = IfMatch.Read(http.Request);
        }
        refusal ??= await MayKnowAsync(type, id, grant, http.RequestAborted) ? null : Refusal.NotFound();
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (parsed, unreadable) = await RequestBody.ReadAsync(http, type, id);
        if (unreadable is not null)
        {
            await OutcomeResponse.WriteAsync(http, unreadable);
            return;
        }
        using (parsed)
        {
            var wanted = Prefer.Of(http.Request).Return;
            await (await resources.UpdateAsync(type, id, parsed!.Document!.RootElement, ifMatch, grant, http.RequestAborted) switch
            {
                WriteOutcome.Created(var resource) => ResourceResponse.WriteAsync(http, resource, rendering!, StatusCodes.Status201Created, wanted, settings.FhirBase),
                WriteOutcome.Updated(var resource) => ResourceResponse.WriteAsync(http, resource, rendering!, StatusCodes.Status200OK, wanted, settings.FhirBase),
                WriteOutcome.Unchanged(var resource) => ResourceResponse.WriteAsync(http, resource, rendering!, StatusCodes.Status200OK, wanted, settings.FhirBase),
                WriteOutcome.Conflict => OutcomeResponse.WriteAsync(http, ifMatch is null ? Refusal.Conflict() : Refusal.PreconditionFailed()),
                WriteOutcome.Forbidden => OutcomeResponse.WriteAsync(http, Refusal.ForbiddenContent()),
                _ => OutcomeResponse.WriteAsync(http, Refusal.NotFound()),
            });
        }
    }

    /// <summary>Whether the grant opens the whole type, or this very resource for update.</summary>
    private async ValueTask<bool> MayKnowAsync(string type, string id, AccessGrant grant, CancellationToken cancellationToken)
    {
        if (grant.For(type, Interactions.Update) is TypeAccess.Everything)
        {
            return true;
        }
        var readable = grant.Rules.Where(r => r.Interactions.HasFlag(Interactions.Update)).Select(r => r with { Interactions = Interactions.Read });
        return await stored.ReadAsync(type, id, grant with { Rules = [.. readable] }, cancellationToken) is not ReadOutcome.NotFound;
    }
}
