using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>A search that another interaction needs, joined with the client's grant like every search.</summary>
internal static class PlannedSearch
{
    /// <summary>The search; 400 for parameters that cannot be used, 403 where the grant opens nothing of the type.</summary>
    /// <param name="type">What is searched.</param>
    /// <param name="parameters">Names and values, not encoded. What is not known is refused.</param>
    /// <param name="grant">Whose search it is.</param>
    /// <param name="clock">What <c>ap</c> measures from.</param>
    /// <param name="change">Changes the search before it is planned.</param>
    /// <param name="from">The page; null for the first.</param>
    /// <param name="terminology">What the parameters need to know of value sets and code systems (<see cref="Terminologies.TerminologySources.OfSearchAsync"/>).</param>
    public static (SearchQuery? Query, SearchPlan? Plan, Refusal? Refusal) Of(
        string type, IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant, TimeProvider clock, Func<SearchQuery, SearchQuery>? change = null, PageCursor? from = null,
        TerminologySet? terminology = null)
    {
        if (Parameters.Check(parameters) is { } refusal)
        {
            return (null, null, refusal);
        }
        var parsed = QueryParser.Parse(type, parameters, lenient: false, clock, terminology: terminology);
        if (parsed.Query is not { } query)
        {
            return (null, null, new Refusal(StatusCodes.Status400BadRequest, parsed.Issues));
        }
        query = change is null ? query : change(query);
        return Planner.Plan(query, grant, from) switch
        {
            PlanOutcome.Planned(var plan) => (query, plan, null),
            PlanOutcome.Refusal(var issue) => (null, null, new Refusal(issue.Code == IssueType.Forbidden ? StatusCodes.Status403Forbidden : StatusCodes.Status400BadRequest, [issue])),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }
}
