using System.Collections.Immutable;
using FhirFacade.Storage.Search.Emit;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>
/// Chooses the way to the rows. The database cannot: it does not know that a term and a date go together, and walks a million
/// rows by date for a code that was retired years ago. See notes.md.
/// </summary>
internal static class AccessPaths
{
    /// <summary>So many rows may be fetched for one page: to be sorted, or to be followed to other tables.</summary>
    private const double AffordableMatches = 5_000;

    /// <summary>So many it may turn out to be, if conditions that look independent are not.</summary>
    private const double WorstMatches = 50_000;

    private const int LongestWalk = 50_000;
    private const int ShortestWalk = 1_000;
    private const int PatientWalk = 20_000;
    private const int LongestPosting = 5_000;

    // Fewer are fetched and sorted as fast.
    private const int FewestPosted = 500;

    // Matches do not lie evenly: walk further than the average asks for before giving up.
    private const int Patience = 8;

    public static AccessPath Choose(SearchPlan plan, Func<string, TermStatistics> statistics)
    {
        if (plan.Contained is not null)
        {
            return new AccessPath.All();
        }

        if (WithoutStatistics(plan.Match) is { } named)
        {
            return named;
        }

        var unconsented = plan.Match.Unconsented();
        var isConsented = !ReferenceEquals(unconsented, plan.Match);
        var isOptIn = Parts(plan.Match).Any(part => part is Predicate.Consented { Question.IsOptIn: true });
        plan = plan with { Match = unconsented };
        var rows = statistics(plan.Type).Rows;
        var atMost = MatchShare.AtMost(plan.Match, plan.Type, statistics);
        if (HasContent(plan.Match) && atMost * rows > WorstMatches)
        {
            return new AccessPath.Refused();
        }

        if (!SortSql.IsIndexed(plan))
        {
            return new AccessPath.All();
        }

        if (plan.Match is Predicate.Always)
        {
            // Where somebody has to have permitted it, the order may lead past very many rows that nobody has.
            return isOptIn ? new AccessPath.Walk(PatientWalk) : new AccessPath.Ordered();
        }

        if (IsPlain(plan.Match) && RarestOf(plan.Match, plan.Type, statistics) is { } rarest && MatchShare.AtMost(rarest, plan.Type, statistics) * rows <= FewestPosted)
        {
            return new AccessPath.Rare(rarest);
        }

        if (PostingOf(plan) is { } posted && MatchShare.AtMost(posted, plan.Type, statistics) is var share && share * rows > FewestPosted)
        {
            // Of a code alone every posting is a match, but for what a consent closes; other conditions ask for more of them.
            var wanted = plan.Match is Predicate.HasTerm
                ? isConsented ? 2 * (plan.Count + 1) : plan.Count + 1
                : Patience * (plan.Count + 1) * share / Math.Max(MatchShare.Likely(plan.Match, plan.Type, statistics), double.Epsilon);
            if (wanted <= LongestPosting)
            {
                return new AccessPath.Posting(posted.Posting!.Value, (int)wanted);
            }
        }

        var likely = MatchShare.Likely(plan.Match, plan.Type, statistics);
        if (likely * rows <= AffordableMatches && atMost * rows <= WorstMatches
            && MatchShare.LargestSet(plan.Match, statistics) <= AffordableMatches)
        {
            return new AccessPath.All();
        }

        // No longer than fetching all matches would be, so that a walk in vain at most doubles the cost.
        var length = Math.Min(Patience * (plan.Count + 1) / atMost, Math.Max(atMost * rows, ShortestWalk));
        length = isOptIn ? Math.Max(length, PatientWalk) : length;
        return length <= LongestWalk ? new AccessPath.Walk((int)Math.Max(length, ShortestWalk)) : new AccessPath.All();
    }

    /// <summary>The way if the conditions name a patient or ids; else it depends on what there is, and null is returned.</summary>
    internal static AccessPath? WithoutStatistics(Predicate match) => PatientOf(match) ?? (AccessPath?)(IsFew(match.Unconsented()) ? new AccessPath.Few() : null);

    /// <summary>
    /// Whether the statement goes the same way whatever its values are, and whatever statistics say of them, so that it need be planned once only.
    /// </summary>
    internal static bool IsPlannedOnce(SearchPlan plan, AccessPath path) =>
        plan.Includes.IsEmpty && plan.RevIncludes.IsEmpty && IsPlain(plan.Match) && SortSql.IsIndexed(plan)
        && path switch
        {
            AccessPath.Patient or AccessPath.Rare => true,
            AccessPath.Few => Parts(plan.Match).OfType<Predicate.IdIs>().Any(),

            // What they lead to is counted in another way.
            AccessPath.Walk or AccessPath.Posting or AccessPath.Ordered => plan.Count > 0 && plan.Total == TotalMode.None,
            _ => false,
        };

    /// <summary>The terms among the conditions that the fewest rows have; null if there are none.</summary>
    internal static Predicate.HasTerm? RarestOf(Predicate match, string type, Func<string, TermStatistics> statistics) =>
        Parts(match).OfType<Predicate.HasTerm>().MinBy(term => MatchShare.AtMost(term, type, statistics));

    /// <summary>The code among the conditions, if the order is that of the postings; else null.</summary>
    internal static Predicate.HasTerm? PostingOf(SearchPlan plan)
    {
        return plan.Order is not [{ Column: SortColumn.MainDate }] ? null
            : Parts(plan.Match).OfType<Predicate.HasTerm>().FirstOrDefault(term => term.Posting is not null);
    }

    /// <summary>The way along one patient's rows, if the grant or the search names a patient; else null.</summary>
    internal static AccessPath.Patient? PatientOf(Predicate match)
    {
        var parts = Parts(match);
        return parts.OfType<Predicate.IdIs>().Any() ? null
            : parts.OfType<Predicate.OfPatient>().FirstOrDefault() is { } granted ? new AccessPath.Patient(granted.PatientId, null)
            : parts.OfType<Predicate.HasTerm>().FirstOrDefault(term => term.Patient is not null) is { Terms: [var reference] } named ? new AccessPath.Patient(named.Patient!, reference)
            : null;
    }

    // Nothing in it that the database would do in another way if it knew the values.
    internal static bool IsPlain(Predicate predicate) => predicate switch
    {
        Predicate.Always or Predicate.HasTerm or Predicate.OfPatient or Predicate.IdIs or Predicate.MainDate or Predicate.LastUpdated or Predicate.Present or Predicate.InReach or Predicate.Consented => true,
        Predicate.Not not => IsPlain(not.Inner),
        Predicate.All all => all.Parts.All(IsPlain),
        Predicate.Any any => any.Parts.All(IsPlain),
        _ => false,
    };

    private static ImmutableArray<Predicate> Parts(Predicate match) => match is Predicate.All all ? all.Parts : [match];

    private static bool HasContent(Predicate predicate) => predicate switch
    {
        Predicate.Content => true,
        Predicate.Not not => HasContent(not.Inner),
        Predicate.All all => all.Parts.Any(HasContent),
        Predicate.Any any => any.Parts.Any(HasContent),
        Predicate.RefersTo chain => HasContent(chain.Target),
        Predicate.ReferredToBy reverse => HasContent(reverse.Source),
        _ => false,
    };

    // The rows of one patient, or rows named by id; also where each of several openings of a grant says so.
    private static bool IsFew(Predicate predicate) => predicate switch
    {
        Predicate.OfPatient or Predicate.IdIs => true,
        Predicate.All all => all.Parts.Any(IsFew),
        Predicate.Any any => any.Parts.All(IsFew),
        _ => false,
    };
}
