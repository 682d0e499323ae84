using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]?...</c> and <c>POST [base]/[type]/_search</c> (R4 http.html, search).</summary>
internal sealed class SearchType(SearchExecutor executor, SmartSettings settings, PageLinks pages, TimeProvider clock)
{
    /// <summary>200 with a searchset, 400 for parameters that cannot be used, 403 for a type of which the grant opens nothing.</summary>
    public Task GetAsync(HttpContext http) => SearchAsync(http, Parameters.Of(http.Request));

    /// <summary>As <see cref="GetAsync"/>, with parameters in the body: nothing of them ends up in a log of addresses.</summary>
    public async Task PostAsync(HttpContext http)
    {
        var (parameters, refusal) = await Parameters.OfFormAsync(http.Request, http.RequestAborted);
        await (refusal is null ? SearchAsync(http, parameters) : OutcomeResponse.WriteAsync(http, refusal));
    }

    private async Task SearchAsync(HttpContext http, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var grant = GrantFactory.From(http.User);
        var type = Address.Type(http);
        if (Address.Refuse(type, grant, Interactions.Search) is { } closed)
        {
            await OutcomeResponse.WriteAsync(http, closed);
            return;
        }
        var (request, unreadable) = SearchRequest.Read(parameters, type, grant, pages);
        if (unreadable is not null)
        {
            await OutcomeResponse.WriteAsync(http, unreadable);
            return;
        }
        var (rendering, refusal) = Format.Negotiate(http.Request, request!.Parameters);
        if (refusal is not null)
        {
            await OutcomeResponse.WriteAsync(http, refusal);
            return;
        }
        var (query, plan, refused) = request.Plan(type, grant, lenient: !Prefer.Of(http.Request).Strict, clock);
        if (refused is not null)
        {
            await OutcomeResponse.WriteAsync(http, refused);
            return;
        }
        var page = await executor.ExecuteAsync(plan!, http.RequestAborted);
        http.Response.ContentType = rendering!.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        var bundle = new Bundle("searchset", page.Total ?? WholeOf(query!, page), Links(request, query!, page, grant), Entries(query!, page));
        await BundleWriter.WriteAsync(http.Response.BodyWriter, bundle, rendering, clock.GetUtcNow(), http.RequestAborted);
    }

    /// <summary>The number of matches where they all are on this page, so that nobody had to count; else null.</summary>
    private static long? WholeOf(SearchQuery query, SearchPage page) =>
        query.Count > 0 && page is { Next: null, Previous: null } ? page.Matches.Length : null;

    /// <summary>self tells what was really used; the others carry sealed state (R4 search.html, 3.1.1.3 and http.html, paging).</summary>
    private List<BundleLink> Links(SearchRequest request, SearchQuery query, SearchPage page, AccessGrant grant)
    {
        var url = $"{settings.FhirBase}/{query.Type}";
        string Sealed(string state) => $"{url}?{PageLinks.Parameter}={state}";
        List<BundleLink> links = [new("self", request.Link is { } link ? Sealed(link) : query.Applied.IsEmpty ? url : $"{url}?{Parameters.Encode(query.Applied)}")];
        if (request.From is not null)
        {
            links.Add(new("first", Sealed(request.Seal(query, null, grant, pages))));
        }
        if (page.Previous is not null)
        {
            links.Add(new("previous", Sealed(request.Seal(query, page.Previous, grant, pages))));
        }
        if (page.Next is not null)
        {
            links.Add(new("next", Sealed(request.Seal(query, page.Next, grant, pages))));
        }
        return links;
    }

    private IEnumerable<BundleEntry> Entries(SearchQuery query, SearchPage page)
    {
        foreach (var match in page.Matches)
        {
            yield return Entry(match, "match");
        }
        foreach (var included in page.Included)
        {
            yield return Entry(included, "include");
        }
        if (query.Warnings.Length + page.Issues.Length > 0)
        {
            var outcome = OperationOutcome.ToJson(query.Warnings.Concat(page.Issues));
            yield return new BundleEntry.Search($"urn:uuid:{Guid.NewGuid()}", "OperationOutcome", outcome, "outcome");
        }
    }

    private BundleEntry.Search Entry(StoredResource resource, string mode) =>
        new($"{settings.FhirBase}/{resource.Type}/{resource.Id}", resource.Type, resource.Doc, mode);
}
