using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Server.Rest.Terminologies;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>A search that was carried out.</summary>
/// <param name="Query">What was asked for; of a search of several types, that of the first.</param>
/// <param name="Applied">The parameters that were used.</param>
/// <param name="Page">What was found.</param>
internal sealed record SearchRun(SearchQuery Query, IReadOnlyList<KeyValuePair<string, string>> Applied, SearchPage Page)
{
    /// <summary>Parses, joins with the grant, and runs; refused, with the reason, if one of them does not allow it.</summary>
    public static async Task<(SearchRun? Run, Refusal? Refusal)> Async(
        SearchRequest request, AccessGrant grant, bool lenient, SearchExecutor executor, TerminologySources terminology, TimeProvider clock, CancellationToken cancellationToken)
    {
        return request.Address.Type is { } type
            ? await OfTypeAsync(request, type, grant, lenient, executor, terminology, clock, cancellationToken)
            : await OfSeveralAsync(request, grant, lenient, executor, terminology, clock, cancellationToken);
    }

    private static async Task<(SearchRun? Run, Refusal? Refusal)> OfTypeAsync(
        SearchRequest request, string type, AccessGrant grant, bool lenient, SearchExecutor executor, TerminologySources terminology, TimeProvider clock, CancellationToken cancellationToken)
    {
        var parsed = QueryParser.Parse(type, request.Parameters, lenient, clock, request.Address.Within(type), await terminology.OfSearchAsync(request.Parameters, grant, cancellationToken));
        if (parsed.Query is not { } query)
        {
            return (null, new Refusal(400, parsed.Issues));
        }
        return Planner.Plan(query, grant, request.From) switch
        {
            PlanOutcome.Planned(var plan) => Ended(query, query.Applied, await executor.ExecuteAsync(plan, cancellationToken)),
            PlanOutcome.Refusal(var issue) => (null, Refused(issue)),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }

    private static async Task<(SearchRun? Run, Refusal? Refusal)> OfSeveralAsync(
        SearchRequest request, AccessGrant grant, bool lenient, SearchExecutor executor, TerminologySources terminology, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (types, refusal) = request.Address.TypesOf(request.Parameters, grant);
        if (refusal is not null)
        {
            return (null, refusal);
        }
        var named = request.Parameters.Where(p => p.Key == SearchAddress.TypeParameter);
        var parsed = QueryParser.ParseSystem(types, [.. request.Parameters.Except(named)], lenient, clock, request.Address.Within, await terminology.OfSearchAsync(request.Parameters, grant, cancellationToken));
        if (parsed.Query is not { } query)
        {
            return (null, new Refusal(400, parsed.Issues));
        }
        var first = query.Queries[0];
        return Planner.Plan(query, grant, request.From) switch
        {
            SystemPlanOutcome.Planned(var plan) => Ended(first, [.. named, .. first.Applied], await executor.ExecuteAsync(plan, cancellationToken)),
            SystemPlanOutcome.Refusal(var issue) => (null, Refused(issue)),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }

    private static (SearchRun? Run, Refusal? Refusal) Ended(SearchQuery query, IReadOnlyList<KeyValuePair<string, string>> applied, SearchPage page) =>
        page.Refusal is { } refusal ? (null, new Refusal(400, [refusal])) : (new SearchRun(query, applied, page), null);

    private static Refusal Refused(Issue issue) => new(issue.Code == IssueType.Forbidden ? 403 : 400, [issue]);
}
