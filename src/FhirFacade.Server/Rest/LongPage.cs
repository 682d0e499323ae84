using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>
/// The rest of a page that is too long to be held in memory: it is read a slice at a time, as each is written. Between two slices no connection to the
/// database is held, so that a client that reads slowly keeps nobody waiting.
/// </summary>
internal sealed class LongPage(SearchExecutor executor, SearchQuery query, AccessGrant grant, int sent, PageCursor from)
{
    /// <summary>How many matches are read at once.</summary>
    public const int Slice = 200;

    /// <summary>How many matches were written in all, once all are.</summary>
    public int Sent { get; private set; } = sent;

    /// <summary>Where the page after this one begins, once all of this one is written.</summary>
    public PageCursor? Next { get; private set; } = from;

    /// <summary>Whether the page of a search can be read in slices: what it brings along and the order it is in do not need all of it at once.</summary>
    public static bool Suits(SearchQuery query, SearchPlan plan, PageCursor? from) =>
        query.Count > Slice && query.Includes.IsEmpty && query.RevIncludes.IsEmpty && from is not { Backward: true } && !plan.Order.Any(order => order.Column == SortColumn.Computed);

    /// <summary>The matches that are left, in their order.</summary>
    /// <param name="before">Is given the matches of a slice before the first of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<StoredResource> ReadAsync(Func<ImmutableArray<StoredResource>, Task> before, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (Next is not null && Sent < query.Count)
        {
            var slice = query with { Count = Math.Min(Slice, query.Count - Sent), Total = TotalMode.None };
            var page = Planner.Plan(slice, grant, Next) is PlanOutcome.Planned(var plan) ? await executor.ExecuteAsync(plan, cancellationToken) : null;
            if (page is not { Refusal: null })
            {
                throw new InvalidOperationException("a page that has begun cannot be ended");
            }
            await before(page.Matches);
            foreach (var match in page.Matches)
            {
                yield return match;
            }
            (Sent, Next) = (Sent + page.Matches.Length, page.Next);
        }
    }
}
