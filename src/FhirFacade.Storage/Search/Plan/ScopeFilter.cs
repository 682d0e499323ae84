using System.Collections.Immutable;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>The search inside a granular scope (SMART App Launch 2.x, "finer-grained resource constraints using search parameters").</summary>
public static class ScopeFilter
{
    private static readonly KeptFilters kept = new();

    /// <summary>The filter as a condition; null if any part of it is not understood, or looks into other resources.</summary>
    /// <param name="type">The resource type that the scope is applied to.</param>
    /// <param name="filter">What follows the question mark, percent-encoded or plain.</param>
    public static Predicate? Compile(string type, string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var served = SearchParameterSet.Served;
        if (kept.Find(served, type, filter) is { } known)
        {
            return known;
        }

        if (Criteria(type, filter) is not { } criteria)
        {
            return null;
        }

        var compiled = Predicate.AllOf(criteria.Select(c => CriterionCompiler.Compile(type, c, AccessGrant.Nothing)));
        if (criteria.All(IsLasting))
        {
            kept.Keep(served, type, filter, compiled);
        }

        return compiled;
    }

    private static ImmutableArray<Criterion>? Criteria(string type, string filter)
    {
        var parameters = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var pair in filter.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return null;
            }

            parameters.Add(KeyValuePair.Create(Uri.UnescapeDataString(pair[..equals]), Uri.UnescapeDataString(pair[(equals + 1)..])));
        }

        // Every part must have become a criterion of the row itself: a result parameter or an ignored one is no condition.
        return QueryParser.Parse(type, parameters, lenient: false).Query is { } query
            && query.Criteria.Length == parameters.Count
            && query.Criteria.All(criterion => IsOfTheRow(criterion) && IsBuiltIn(type, criterion))
            ? query.Criteria
            : null;
    }

    // Means the same at any time: no value set that may change, no date that depends on today's.
    private static bool IsLasting(Criterion criterion) => criterion is Criterion.Matches
    {
        Modifier: SearchModifier.None or SearchModifier.Not,
        Parameter.Type: SearchParameterType.Token or SearchParameterType.Reference or SearchParameterType.Uri,
    };

    // A site's own parameter opens nothing: it comes and goes, and earlier versions are not indexed by it.
    private static bool IsBuiltIn(string type, Criterion criterion)
    {
        var parameter = criterion switch
        {
            Criterion.Missing missing => missing.Parameter,
            Criterion.Matches matches => matches.Parameter,
            _ => null,
        };
        return parameter is not null && SearchParameterSet.BuiltIn.Find(type, parameter.Code)?.Url == parameter.Url;
    }

    // A hierarchy of references leads through other resources.
    private static bool IsOfTheRow(Criterion criterion) => criterion switch
    {
        Criterion.Missing => true,
        Criterion.Matches { Parameter.Type: SearchParameterType.Reference, Modifier: SearchModifier.Above or SearchModifier.Below } => false,
        Criterion.Matches => true,
        _ => false,
    };
}
