using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/_history</c> (R4 http.html, history). Each version is judged by its own content.</summary>
internal sealed class HistorySystem(HistoryReader history, PageLinks pages, HistoryResponse response)
{
    private const string Route = "history";

    /// <summary>200 with a Bundle of what the grant opens; nothing of a type that it does not open.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var grant = GrantFactory.From(http.User);
        var (rendering, refusal) = Format.Negotiate(http.Request);
        HistoryRequest? request = null;
        if (refusal is null)
        {
            (request, refusal) = HistoryRequest.Read(http.Request, Route, grant, pages);
        }
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var page = await history.SystemAsync(grant, request!.Range, request.Count, request.After, http.RequestAborted);
        await response.WriteAsync(http, request, page, "", Route, grant, rendering!);
    }
}
