using System.Collections.Concurrent;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>
/// Filters of scopes and policies that have been compiled: every request by the same grant brings the same ones. They hold for one set of search parameters. Safe to share.
/// </summary>
internal sealed class KeptFilters
{
    // Scopes are the clients' to choose: more than so many are compiled each time.
    private const int Most = 1_000;

    private OfSet current = new(SearchParameterSet.BuiltIn);

    /// <summary>The condition; null if it has to be compiled.</summary>
    public Predicate? Find(SearchParameterSet set, string type, string filter) =>
        Volatile.Read(ref current) is var of && ReferenceEquals(of.Set, set) ? of.Filters.GetValueOrDefault((type, filter)) : null;

    /// <summary>Keeps a condition that means the same as long as the set is the same.</summary>
    public void Keep(SearchParameterSet set, string type, string filter, Predicate compiled)
    {
        var of = Volatile.Read(ref current);
        if (!ReferenceEquals(of.Set, set))
        {
            Volatile.Write(ref current, of = new(set));
        }

        if (of.Filters.Count < Most)
        {
            of.Filters.TryAdd((type, filter), compiled);
        }
    }

    private sealed record OfSet(SearchParameterSet Set)
    {
        public ConcurrentDictionary<(string Type, string Filter), Predicate> Filters { get; } = new();
    }
}
