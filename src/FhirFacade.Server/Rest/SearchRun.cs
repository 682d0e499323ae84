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
    /// <summary>What follows on the same page and is not read yet; null for nothing.</summary>
    public LongPage? Rest { get; init; }

    /// <summary>Parses, joins with the grant, and runs; refused, with the reason, if one of them does not allow it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="grant">Whose search it is.</param>
    /// <param name="lenient">Whether what is not known is left out.</param>
    /// <param name="inSlices">Whether a long page may be left to be read while it is written.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="terminology">What coded criteria are looked up in.</param>
    /// <param name="clock">What <c>ap</c> measures from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(SearchRun? Run, Refusal? Refusal)> Async(
        SearchRequest request, AccessGrant grant, bool lenient, bool inSlices, SearchExecutor executor, TerminologySources terminology, TimeProvider clock, CancellationToken cancellationToken)
    {
        return request.Address.Type is { } type
            ? await OfTypeAsync(request, type, grant, lenient, inSlices, executor, terminology, clock, cancellationToken)
            : await OfSeveralAsync(request, grant, lenient, executor, terminology, clock, cancellationToken);
    }

    private static async Task<(SearchRun? Run, Refusal? Refusal)> OfTypeAsync(
        SearchRequest request, string type, AccessGrant grant, bool lenient, bool inSlices, SearchExecutor executor, TerminologySources terminology, TimeProvider clock, CancellationToken cancellationToken)
    {
        var parsed = QueryParser.Parse(type, request.Parameters, lenient, clock, request.Address.Within(type), await terminology.OfSearchAsync(request.Parameters, grant, cancellationToken));
        if (parsed.Query is not { } query)
        {
            return (null, new Refusal(400, parsed.Issues));
        }
        if (query.Contained != ContainedMode.False)
        {
            return await OfQueriesAsync(new SystemQuery([query]), query.Applied, request.From, grant, executor, cancellationToken);
        }
        return Planner.Plan(query, grant, request.From) switch
        {
            PlanOutcome.Planned(var plan) when inSlices && LongPage.Suits(query, plan, request.From) => await BeginAsync(query, grant, request.From, executor, cancellationToken),
            PlanOutcome.Planned(var plan) => Ended(query, query.Applied, await executor.ExecuteAsync(plan, cancellationToken)),
            PlanOutcome.Refusal(var issue) => (null, Refused(issue)),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }

    private static async Task<(SearchRun? Run, Refusal? Refusal)> BeginAsync(
        SearchQuery query, AccessGrant grant, PageCursor? from, SearchExecutor executor, CancellationToken cancellationToken)
    {
        if (Planner.Plan(query with { Count = LongPage.Slice }, grant, from) is not PlanOutcome.Planned(var plan))
        {
            throw new InvalidOperationException("a search is planned, or refused, whatever the length of its page");
        }
        var (run, refusal) = Ended(query, query.Applied, await executor.ExecuteAsync(plan, cancellationToken));
        return run?.Page.Next is { } next ? (run with { Rest = new LongPage(executor, query, grant, run.Page.Matches.Length, next) }, null) : (run, refusal);
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
        return await OfQueriesAsync(query, [.. named, .. query.Queries[0].Applied], request.From, grant, executor, cancellationToken);
    }

    private static async Task<(SearchRun? Run, Refusal? Refusal)> OfQueriesAsync(
        SystemQuery query, IReadOnlyList<KeyValuePair<string, string>> applied, PageCursor? from, AccessGrant grant, SearchExecutor executor, CancellationToken cancellationToken)
    {
        var containers = query.Queries[0].Contained == ContainedMode.False ? null : await executor.ContainersAsync(cancellationToken);
        return Planner.Plan(query, grant, from, containers) switch
        {
            SystemPlanOutcome.Planned(var plan) => Ended(query.Queries[0], applied, await executor.ExecuteAsync(plan, cancellationToken)),
            SystemPlanOutcome.Refusal(var issue) => (null, Refused(issue)),
            _ => throw new InvalidOperationException("a plan is planned or refused"),
        };
    }

    private static (SearchRun? Run, Refusal? Refusal) Ended(SearchQuery query, IReadOnlyList<KeyValuePair<string, string>> applied, SearchPage page) =>
        page.Refusal is { } refusal ? (null, new Refusal(400, [refusal])) : (new SearchRun(query, applied, page), null);

    private static Refusal Refused(Issue issue) => new(issue.Code == IssueType.Forbidden ? 403 : 400, [issue]);
}
