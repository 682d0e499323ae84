using System.Collections.Immutable;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>The matches of a page and the cursors to its neighbours.</summary>
internal sealed record MatchPage(ImmutableArray<StoredResource> Matches, PageCursor? Next, PageCursor? Previous)
{
    /// <summary>Makes a page of the rows read, of which there is one too many if the order goes on.</summary>
    public static MatchPage Of(SearchPlan plan, List<MatchRow> rows)
    {
        var goesOn = rows.Count > plan.Count;
        if (goesOn)
        {
            rows.RemoveAt(plan.Count);
        }

        var backward = plan.From?.Backward ?? false;
        if (backward)
        {
            rows.Reverse();
        }

        if (rows.Count == 0)
        {
            return new MatchPage([], null, null);
        }

        var hasNext = backward || goesOn;
        var hasPrevious = backward ? goesOn : plan.From is not null;
        return new MatchPage(
            [.. rows.Select(row => row.Resource)],
            hasNext ? Cursor(plan, rows[^1], backward: false) : null,
            hasPrevious ? Cursor(plan, rows[0], backward: true) : null);
    }

    private static PageCursor Cursor(SearchPlan plan, MatchRow row, bool backward) => new(plan.Binding, row.Keys, row.Rid, backward);
}
