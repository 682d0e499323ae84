using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]/_history</c> (R4 http.html, history). Each version is judged by its own content.</summary>
internal sealed class HistoryType(HistoryReader history, PageLinks pages, HistoryResponse response)
{
    /// <summary>200 with a Bundle of what the grant opens.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        var route = $"history {type}";
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Search);
        HistoryRequest? request = null;
        if (refusal is null)
        {
            (request, refusal) = HistoryRequest.Read(http.Request, route, grant, pages);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var page = await history.TypeAsync(type, grant, request!.Range, request.Count, request.After, http.RequestAborted);
        await response.WriteAsync(http, request, page, type, route, grant, rendering!);
    }
}
