using FhirFacade.Fhir.Access;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>Writes a page of history as a Bundle.</summary>
internal sealed class HistoryResponse(SmartSettings settings, PageLinks pages, TimeProvider clock)
{
    public async Task WriteAsync(HttpContext http, HistoryRequest request, HistoryPage page, string path, string route, AccessGrant grant, Rendering rendering)
    {
        var url = path.Length == 0 ? $"{settings.FhirBase}/_history" : $"{settings.FhirBase}/{path}/_history";
        List<BundleLink> links = [new("self", url + http.Request.QueryString.Value)];
        if (page.Next is { } next)
        {
            links.Add(new("next", $"{url}?{PageLinks.Parameter}={request.Next(next, route, grant, pages)}"));
        }
        http.Response.ContentType = rendering.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        var bundle = new Bundle("history", null, links, page.Entries.Select(Entry));
        Disclosures.Of(http)?.Add(bundle);
        await Disclosures.WrittenAsync(http);
        await BundleWriter.WriteAsync(http.Response.BodyWriter, bundle, rendering, clock.GetUtcNow(), http.RequestAborted);
    }

    private BundleEntry Entry(HistoryEntry version)
    {
        var address = $"{version.Type}/{version.Id}";
        var status = version switch
        {
            { Doc: null } => "204 No Content",
            { Version: 1 } => "201 Created",
            _ => "200 OK",
        };
        return new BundleEntry.History($"{settings.FhirBase}/{address}", version.Type, version.Doc ?? default,
            version.Method, version.Method == "POST" ? version.Type : address, status, version.Version, version.LastUpdated)
        {
            Version = new(version.Type, version.Id, version.Version, version.LastUpdated, version.Doc ?? default) { PatientKey = version.PatientKey },
        };
    }
}
