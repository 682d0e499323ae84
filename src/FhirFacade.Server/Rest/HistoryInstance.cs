using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]/[id]/_history</c> (R4 http.html, history). Each version is judged by its own content.</summary>
internal sealed class HistoryInstance(HistoryReader history, PageLinks pages, HistoryResponse response)
{
    /// <summary>200 with a Bundle, or 404 when the grant opens no version of it.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (type, id) = (Address.Type(http), Address.Id(http));
        var route = $"history {type}/{id}";
        var (rendering, refusal) = Format.Negotiate(http.Request);
        refusal ??= Address.Refuse(type, grant, Interactions.Read);
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
        var page = await history.InstanceAsync(type, id, grant, request!.Range, request.Count, request.After, http.RequestAborted);
        await (page.Entries.IsEmpty && request is { After: null } && request.Range == HistoryRange.All
            ? OutcomeResponse.WriteAsync(http, Refusal.NotFound())
            : response.WriteAsync(http, request, page, $"{type}/{id}", route, grant, rendering!));
    }
}
