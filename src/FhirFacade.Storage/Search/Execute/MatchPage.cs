using System.Collections.Immutable;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>The matches of a page and the cursors to its neighbours.</summary>
internal sealed record MatchPage(ImmutableArray<StoredResource> Matches, PageCursor? Next, PageCursor? Previous)
{
    /// <summary>Makes a page of the rows read, of which there is one too many if the order goes on.</summary>
    public static MatchPage Of(SearchPlan plan, List<MatchRow> rows) => Of(plan.Count, plan.From, plan.Binding, ofSeveralTypes: false, rows);

    /// <summary>The same for a search of one or of several types.</summary>
    public static MatchPage Of(int count, PageCursor? from, string binding, bool ofSeveralTypes, List<MatchRow> rows)
    {
        var goesOn = rows.Count > count;
        if (goesOn)
        {
            rows.RemoveRange(count, rows.Count - count);
        }

        var backward = from?.Backward ?? false;
        if (backward)
        {
            rows.Reverse();
        }

        if (rows.Count == 0)
        {
            return new MatchPage([], null, null);
        }

        var hasNext = backward || goesOn;
        var hasPrevious = backward ? goesOn : from is not null;
        return new MatchPage(
            [.. rows.Select(row => row.Resource)],
            hasNext ? Cursor(rows[^1], backward: false) : null,
            hasPrevious ? Cursor(rows[0], backward: true) : null);

        PageCursor Cursor(MatchRow row, bool backward) => new(binding, row.Keys, row.Rid, backward, ofSeveralTypes ? row.Plan : null);
    }
}
