using FhirFacade.Fhir.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>PUT [base]/[type]?[criteria]</c> (R4 http.html, conditional update).</summary>
internal sealed class ConditionalUpdate(Writing writing, ContentCheck check, RestOptions options, Conditions conditions)
{
    /// <summary>200 for the one match; 201 where nothing matches; 400, 403, 404, 409 (the id in the body is taken), 412 (several match, If-Match), 413, 415 or 422.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Update);
        Condition? condition = null;
        int? ifMatch = null;
        if (refusal is null)
        {
            (condition, refusal) = await conditions.ReadAsync(type, Parameters.Of(http.Request), grant, http.RequestAborted);
        }
        if (refusal is null)
        {
            (ifMatch, refusal) = IfMatch.Read(http.Request);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (content, unreadable) = await RequestBody.ReadAsync(http, check, type);
        await (unreadable is null
            ? writing.AnswerAsync(http, new WriteRequest("PUT", type, null, ifMatch) { Condition = condition, MayCreate = options.UpdateCreates }, content, grant, rendering!)
            : OutcomeResponse.WriteAsync(http, unreadable));
    }
}
