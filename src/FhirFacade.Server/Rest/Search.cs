using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using FhirFacade.Server.Rest.Async;
using FhirFacade.Server.Rest.Terminologies;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FhirFacade.Server.Rest;

/// <summary><c>GET [base]/[type]?...</c>, <c>POST [base]/[type]/_search</c>, and the same of everything and of a compartment (R4 http.html, search).</summary>
internal sealed class Search(SearchExecutor executor, TerminologySources terminology, SmartSettings settings, PageLinks pages, TimeProvider clock)
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps every address that can be searched.</summary>
    public void Map(IEndpointRouteBuilder fhir)
    {
        fhir.MapMethods("/", GetOrHead, GetAsync).MayTakeLong();
        fhir.MapPost("/_search", PostAsync).MayTakeLong();
        fhir.MapMethods("/{type}", GetOrHead, GetAsync).MayTakeLong();
        fhir.MapPost("/{type}/_search", PostAsync).MayTakeLong();
        fhir.MapPost("/{type}/{id}/_search", PostAsync).MayTakeLong();
        fhir.MapMethods("/{type}/{id}/{inner}", GetOrHead, GetAsync).MayTakeLong();
        fhir.MapPost("/{type}/{id}/{inner}/_search", PostAsync).MayTakeLong();
        OtherMethods.Refuse(fhir, "/_search", "POST");
        OtherMethods.Refuse(fhir, "/{type}/_search", "POST");
    }

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
        var address = SearchAddress.Of(http);
        if (address.Refuse(grant) is { } closed)
        {
            await OutcomeResponse.WriteAsync(http, closed);
            return;
        }
        var (request, unreadable) = SearchRequest.Read(address, parameters, grant, pages);
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
        var (run, refused) = await SearchRun.Async(request, grant, lenient: !Prefer.Of(http.Request).Strict, inSlices: !rendering!.IsXml, executor, terminology, clock, http.RequestAborted);
        if (refused is not null)
        {
            await OutcomeResponse.WriteAsync(http, refused);
            return;
        }
        Prefer.Applied(http, "handling");
        http.Response.ContentType = rendering.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        var (query, _, page) = run!;
        var bundle = run.Rest is not { } rest
            ? new Bundle("searchset", page.Total ?? WholeOf(query, page), Links(page.Next), Entries(query, page))
            : new Bundle("searchset", null, [], page.Matches.Select(match => Entry(match, "match")))
            {
                Later = LaterAsync(http, run, rest),
                Ending = () => (page.Total ?? (rest.Next is null && request.From is null ? rest.Sent : null), Links(rest.Next)),
            };
        Disclosures.Of(http)?.Add(bundle);
        await Disclosures.WrittenAsync(http);
        await BundleWriter.WriteAsync(http.Response.BodyWriter, bundle, rendering, clock.GetUtcNow(), http.RequestAborted);

        // self tells what was really used; the others carry sealed state (R4 search.html, 3.1.1.3 and http.html, paging).
        List<BundleLink> Links(PageCursor? next)
        {
            var url = settings.FhirBase + address.Path;
            string Sealed(string state) => $"{url}?{PageLinks.Parameter}={state}";
            List<BundleLink> links = [new("self", request.Link is { } link ? Sealed(link) : run.Applied.Count == 0 ? url : $"{url}?{Parameters.Encode(run.Applied)}")];
            if (request.From is not null)
            {
                links.Add(new("first", Sealed(request.Seal(run.Applied, null, grant, pages))));
            }
            if (page.Previous is not null)
            {
                links.Add(new("previous", Sealed(request.Seal(run.Applied, page.Previous, grant, pages))));
            }
            if (next is not null)
            {
                links.Add(new("next", Sealed(request.Seal(run.Applied, next, grant, pages))));
            }
            return links;
        }
    }

    /// <summary>The number of matches where they all are on this page, so that nobody had to count; else null.</summary>
    private static long? WholeOf(SearchQuery query, SearchPage page) =>
        query.Count > 0 && page is { Next: null, Previous: null } ? page.Matches.Length : null;

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
        foreach (var outcome in Outcome(query, page))
        {
            yield return outcome;
        }
    }

    // What a slice shows is in the audit trail before any of it is sent.
    private async IAsyncEnumerable<BundleEntry> LaterAsync(HttpContext http, SearchRun run, LongPage rest)
    {
        await foreach (var match in rest.ReadAsync(matches => Disclosures.WrittenAsync(http, matches), http.RequestAborted))
        {
            yield return Entry(match, "match");
        }
        foreach (var outcome in Outcome(run.Query, run.Page))
        {
            yield return outcome;
        }
    }

    private static IEnumerable<BundleEntry> Outcome(SearchQuery query, SearchPage page) => query.Warnings.Length + page.Issues.Length == 0
        ? []
        : [new BundleEntry.Search($"urn:uuid:{Guid.NewGuid()}", "OperationOutcome", OperationOutcome.ToJson(query.Warnings.Concat(page.Issues)), "outcome")];

    private BundleEntry.Search Entry(StoredResource resource, string mode) =>
        new($"{settings.FhirBase}/{(resource.Container is { } within ? $"{within.Type}/{within.Id}#" : resource.Type + "/")}{resource.Id}", resource.Type, resource.Doc, mode) { Version = resource };
}
