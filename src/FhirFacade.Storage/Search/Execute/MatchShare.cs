using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>Estimates what share of a table's rows a predicate lets through.</summary>
internal static class MatchShare
{
    /// <summary>A share (0 to 1) that is more likely too great than too small: conditions are taken to go together, and what is unknown to hold.</summary>
    public static double AtMost(Predicate predicate, string type, Func<string, TermStatistics> statistics) => predicate switch
    {
        Predicate.Never => 0,
        Predicate.HasTerm term => statistics(type).Share(term.Terms),
        Predicate.All all => all.Parts.Min(p => AtMost(p, type, statistics)),
        Predicate.Any any => Math.Min(1, any.Parts.Sum(p => AtMost(p, type, statistics))),
        Predicate.IdIs ids => Few(ids.Ids.Length, statistics(type)),
        Predicate.OfPatient => Few(PatientRows, statistics(type)),
        Predicate.RefersTo chain => AtMost(chain.Target, chain.TargetType, statistics),
        Predicate.ReferredToBy reverse => Math.Min(
            1, AtMost(reverse.Source, reverse.SourceType, statistics) * Math.Max(1, statistics(reverse.SourceType).Rows) / Math.Max(1, statistics(type).Rows)),
        _ => 1,
    };

    /// <summary>The share if the conditions on the row are independent of each other.</summary>
    public static double Likely(Predicate predicate, string type, Func<string, TermStatistics> statistics) => predicate is Predicate.All all
        ? all.Parts.Aggregate(1.0, (share, part) => share * AtMost(part, type, statistics))
        : AtMost(predicate, type, statistics);

    /// <summary>Every type whose statistics the estimate may ask for.</summary>
    public static IEnumerable<string> Types(Predicate predicate, string type) => predicate switch
    {
        Predicate.All all => all.Parts.SelectMany(p => Types(p, type)).Append(type),
        Predicate.Any any => any.Parts.SelectMany(p => Types(p, type)).Append(type),
        Predicate.RefersTo chain => Types(chain.Target, chain.TargetType).Append(type),
        Predicate.ReferredToBy reverse => Types(reverse.Source, reverse.SourceType).Append(type),
        _ => [type],
    };

    /// <summary>About how many rows of another table are the most that one step of a chain goes through.</summary>
    public static double LargestSet(Predicate predicate, Func<string, TermStatistics> statistics) => predicate switch
    {
        Predicate.All all => all.Parts.Max(p => LargestSet(p, statistics)),
        Predicate.Any any => any.Parts.Max(p => LargestSet(p, statistics)),
        Predicate.RefersTo chain => Math.Max(
            AtMost(chain.Target, chain.TargetType, statistics) * statistics(chain.TargetType).Rows, LargestSet(chain.Target, statistics)),
        Predicate.ReferredToBy reverse => Math.Max(
            AtMost(reverse.Source, reverse.SourceType, statistics) * statistics(reverse.SourceType).Rows, LargestSet(reverse.Source, statistics)),
        _ => 0,
    };

    private const double PatientRows = 200;

    private static double Few(double rows, TermStatistics statistics) => Math.Min(1, rows / Math.Max(1, statistics.Rows));
}
