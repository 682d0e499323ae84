using System.Collections.Immutable;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Reads the parameters of a search: https://hl7.org/fhir/R4/search.html</summary>
public static class QueryParser
{
    /// <summary>The search, or why there is none.</summary>
    /// <param name="type">A resource type.</param>
    /// <param name="parameters">Names and values, percent-decoded, in the order of the URL or form.</param>
    /// <param name="lenient"><c>Prefer: handling=lenient</c>: what is not known is ignored with a warning.</param>
    /// <param name="clock">What <c>ap</c> measures dates from; the system's clock if null.</param>
    public static QueryParseResult Parse(
        string type,
        IReadOnlyList<KeyValuePair<string, string>> parameters,
        bool lenient,
        TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var issues = new QueryIssues(lenient);
        if (!ResourceTables.Has(type))
        {
            issues.Malformed("_type", "is not a resource type that can be searched");
            return new QueryParseResult(null, [.. issues.All]);
        }

        var criteria = new CriterionParser(issues, (clock ?? TimeProvider.System).GetUtcNow());
        var found = ImmutableArray.CreateBuilder<Criterion>();
        var applied = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var result = new ResultParameters(type, issues);
        foreach (var parameter in parameters)
        {
            if (result.TryRead(parameter.Key, parameter.Value, out var used))
            {
                if (used)
                {
                    applied.Add(parameter);
                }
            }
            else if (criteria.Parse(type, parameter.Key, parameter.Value) is { } criterion)
            {
                found.Add(criterion);
                applied.Add(parameter);
            }
        }

        return issues.Refused
            ? new QueryParseResult(null, [.. issues.All])
            : new QueryParseResult(result.ToQuery(found.ToImmutable(), applied.ToImmutable()), [.. issues.All]);
    }
}
