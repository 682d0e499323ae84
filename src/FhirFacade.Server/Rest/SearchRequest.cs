using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>A search as it came: from parameters, or from a page link that stands for parameters.</summary>
/// <param name="Parameters">What is asked for.</param>
/// <param name="From">Where the page begins; null for the first.</param>
/// <param name="Link">The page link that was followed, if one was.</param>
internal sealed record SearchRequest(IReadOnlyList<KeyValuePair<string, string>> Parameters, PageCursor? From, string? Link)
{
    /// <summary>Opens the page link among the parameters, if there is one.</summary>
    public static (SearchRequest? Request, Refusal? Refusal) Read(
        IReadOnlyList<KeyValuePair<string, string>> parameters, string type, AccessGrant grant, PageLinks pages)
    {
        if (PageLinks.In(parameters) is not { } link)
        {
            return (new SearchRequest(parameters, null, null), Rest.Parameters.Check(parameters));
        }
        return pages.Open(Route(type), grant, link) is { } state
            ? (new SearchRequest(state.Parameters, state.Cursor.Length == 0 ? null : JsonSerializer.Deserialize<PageCursor>(state.Cursor), link), null)
            : (null, Refusal.BadRequest("the page link was not made for this access token, or is too old"));
    }

    /// <summary>Joins the search and the grant; refused, with the reason, if either does not allow it.</summary>
    public (SearchQuery? Query, SearchPlan? Plan, Refusal? Refusal) Plan(string type, AccessGrant grant, bool lenient, TimeProvider clock)
    {
        var parsed = QueryParser.Parse(type, Parameters, lenient, clock);
        if (parsed.Query is not { } query)
        {
            return (null, null, new Refusal(400, parsed.Issues));
        }
        return Planner.Plan(query, grant, From) switch
        {
            PlanOutcome.Planned(var plan) => (query, plan, null),
            PlanOutcome.Refusal(var issue) => (null, null, new Refusal(issue.Code == IssueType.Forbidden ? 403 : 400, [issue])),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }

    /// <summary>The page link for another page of this search.</summary>
    public string Seal(SearchQuery query, PageCursor? cursor, AccessGrant grant, PageLinks pages)
    {
        var shape = Parameters.Where(p => p.Key is "_format" or "_pretty");
        return pages.Seal(Route(query.Type), grant, new PageState([.. query.Applied, .. shape], cursor is null ? "" : JsonSerializer.Serialize(cursor)));
    }

    private static string Route(string type) => $"search {type}";
}
