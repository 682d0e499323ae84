using FhirFacade.Fhir.Access;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>DELETE [base]/[type]/[id]</c> and <c>DELETE [base]/[type]?[criteria]</c> (R4 http.html, delete). The history stays.</summary>
internal sealed class Delete(Writing writing, Conditions conditions)
{
    /// <summary>204, also for what is not there or not open to the grant, which are not told apart; 403, or 412 (If-Match).</summary>
    public Task HandleAsync(HttpContext http) => HandleAsync(http, Address.Id(http));

    /// <summary>204 for the one match, and where nothing matches; 400, 403, or 412 (several match, If-Match).</summary>
    public Task HandleConditionAsync(HttpContext http) => HandleAsync(http, null);

    private async Task HandleAsync(HttpContext http, string? id)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var refusal = Address.Refuse(type, grant, Interactions.Delete);
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
        await (refusal is null
            ? writing.AnswerAsync(http, new WriteRequest("DELETE", type, id, ifMatch) { Condition = condition }, default, grant, Rendering.Default)
            : OutcomeResponse.WriteAsync(http, refusal));
    }
}
