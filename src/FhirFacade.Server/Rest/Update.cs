using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>PUT [base]/[type]/[id]</c> (R4 http.html, update), which also creates under an id of the client's choice.</summary>
/// <remarks>
/// A client that sees only some resources of the type may not choose ids: whether an id is taken by a resource that it must not
/// know of would show in the answer. For it, both cases are 404.
/// </remarks>
internal sealed class Update(Writing writing, ContentCheck check, RestOptions options)
{
    /// <summary>200, 201, 400, 403 (content that the grant does not open), 404, 405 (not there, and none is created), 412 (If-Match), 413, 415 or 422.</summary>
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
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (content, unreadable) = await RequestBody.ReadAsync(http, check, type, id);
        await (unreadable is null
            ? writing.AnswerAsync(http, new WriteRequest("PUT", type, id, ifMatch) { MayCreate = options.UpdateCreates }, content, grant, rendering!)
            : OutcomeResponse.WriteAsync(http, unreadable));
    }
}
