using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>PATCH [base]/[type]/[id]</c> and <c>PATCH [base]/[type]?[criteria]</c> (R4 http.html, patch and conditional patch).</summary>
/// <remarks>The patch is applied to the version that is current while nobody else can change it: no update is lost, with or without If-Match.</remarks>
internal sealed class Patch(Writing writing, ContentCheck check, Conditions conditions)
{
    /// <summary>200, 400, 403 (content that the grant does not open), 404, 412 (If-Match), 413, 415 or 422 (it cannot be applied, or the result is invalid).</summary>
    public Task HandleAsync(HttpContext http) => HandleAsync(http, Address.Id(http));

    /// <summary>The same for the one match; 404 where nothing matches, 412 where several do.</summary>
    public Task HandleConditionAsync(HttpContext http) => HandleAsync(http, null);

    private async Task HandleAsync(HttpContext http, string? id)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Update);
        int? ifMatch = null;
        Condition? condition = null;
        if (refusal is null)
        {
            (ifMatch, refusal) = IfMatch.Read(http.Request);
        }
        if (refusal is null && id is null)
        {
            (condition, refusal) = await conditions.ReadAsync(type, Parameters.Of(http.Request), grant, http.RequestAborted);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (patch, unreadable) = await ResourcePatch.ReadAsync(http, check, conditions, grant);
        await (unreadable is null
            ? writing.AnswerAsync(http, new WriteRequest("PATCH", type, id, ifMatch) { Condition = condition, Patch = patch }, default, grant, rendering!)
            : OutcomeResponse.WriteAsync(http, unreadable));
    }
}
