using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FhirFacade.Server.Rest;

/// <summary><c>POST [base]/[type]</c> (R4 http.html, create); with <c>If-None-Exist</c> only if nothing matches (conditional create).</summary>
internal sealed class Create(Writing writing, ContentCheck check, Conditions conditions)
{
    /// <summary>201, 200 (something matches), 400, 403 (also for content that the grant does not open), 412 (several match), 413, 415 or 422.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Create);
        Condition? condition = null;
        if (refusal is null && http.Request.Headers.TryGetValue("If-None-Exist", out var query))
        {
            (condition, refusal) = await conditions.ReadAsync(type, Parameters.Read(query.ToString()), grant, http.RequestAborted);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (content, unreadable) = await RequestBody.ReadAsync(http, check, type);
        await (unreadable is null
            ? writing.AnswerAsync(http, new WriteRequest("POST", type, null) { Condition = condition }, content, grant, rendering!)
            : OutcomeResponse.WriteAsync(http, unreadable));
    }
}
