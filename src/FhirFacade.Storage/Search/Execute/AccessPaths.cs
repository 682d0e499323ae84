using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>
/// Chooses the way to the rows. The database cannot: it does not know that a term and a date go together, and walks a million
/// rows by date for a code that was retired years ago. See notes.md.
/// </summary>
internal static class AccessPaths
{
    /// <summary>So many rows may be fetched and sorted for one page.</summary>
    private const double AffordableMatches = 5_000;

    private const int LongestWalk = 50_000;
    private const int ShortestWalk = 1_000;

    // Matches do not lie evenly: walk further than the average asks for before giving up.
    private const int Patience = 8;

    public static AccessPath Choose(SearchPlan plan, TermStatistics statistics)
    {
        var conditions = plan.Match is Predicate.All all ? all.Parts : [plan.Match];
        if (conditions.Any(c => c is Predicate.OfPatient or Predicate.IdIs) || conditions.Any(IsSeveralPatients))
        {
            return new AccessPath.Few();
        }

        var terms = conditions.OfType<Predicate.HasTerm>().ToList();
        if (terms.Count == 0)
        {
            return conditions.All(c => c is Predicate.Always or Predicate.MainDate or Predicate.LastUpdated or Predicate.Not or Predicate.Present)
                && SortSql.IsIndexed(plan)
                ? new AccessPath.Ordered()
                : new AccessPath.All();
        }

        var share = terms.Min(t => statistics.Share(t.Terms));
        if (share * statistics.Rows <= AffordableMatches || !SortSql.IsIndexed(plan))
        {
            return new AccessPath.All();
        }

        var rows = Patience * (plan.Count + 1) / share;
        return rows <= LongestWalk ? new AccessPath.Walk((int)Math.Max(rows, ShortestWalk)) : new AccessPath.All();
    }

    // A grant of several patient rules: each names the patient.
    private static bool IsSeveralPatients(Predicate predicate) => predicate is Predicate.Any any && any.Parts.All(part =>
        part is Predicate.OfPatient or Predicate.IdIs || (part is Predicate.All all && all.Parts.Any(p => p is Predicate.OfPatient or Predicate.IdIs)));
}
