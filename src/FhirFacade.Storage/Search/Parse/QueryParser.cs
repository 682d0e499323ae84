using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Terminology;
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
    /// <param name="within">The compartment that is searched; null for all resources.</param>
    /// <param name="terminology">What <c>:in</c>, <c>:above</c> and <c>:below</c> are decided by; R4's own if null.</param>
    public static QueryParseResult Parse(
        string type,
        IReadOnlyList<KeyValuePair<string, string>> parameters,
        bool lenient,
        TimeProvider? clock = null,
        Criterion.OfCompartment? within = null,
        TerminologySet? terminology = null) => Parse(type, null, parameters, new QueryIssues(lenient), clock, within, terminology);

    /// <summary>
    /// The same search of several types. A parameter has to be known to all of them: what one type would ignore would find
    /// too much there.
    /// </summary>
    /// <param name="types">At least one type; <c>_type</c> is not among the parameters any more.</param>
    /// <param name="parameters">As for one type.</param>
    /// <param name="lenient">As for one type.</param>
    /// <param name="clock">As for one type.</param>
    /// <param name="within">The compartment for each type; null for all resources.</param>
    /// <param name="terminology">As for one type.</param>
    public static SystemQueryParseResult ParseSystem(
        ImmutableArray<string> types,
        IReadOnlyList<KeyValuePair<string, string>> parameters,
        bool lenient,
        TimeProvider? clock = null,
        Func<string, Criterion.OfCompartment?>? within = null,
        TerminologySet? terminology = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var ignored = new List<Issue>();
        while (true)
        {
            var results = types.Select(type => Parse(type, types, parameters, new QueryIssues(lenient: false), clock, within?.Invoke(type), terminology)).ToList();
            var refused = results.FirstOrDefault(r => r.Query is null);
            if (refused is null)
            {
                return new SystemQueryParseResult(
                    new SystemQuery([.. results.Select(r => r.Query!).Select((query, i) => i == 0 ? query with { Warnings = [.. query.Warnings, .. ignored] } : query)]), [.. ignored]);
            }

            // What is only not known may be left out for all types; each round leaves out one name, and there are finitely many.
            var unknown = refused.Issues.FirstOrDefault(i => i.IsError && i.Code == IssueType.NotSupported && i.Expression is not null);
            var rest = parameters.Where(p => p.Key != unknown?.Expression).ToList();
            if (!lenient || unknown is null || refused.Issues.Any(i => i.IsError && i.Code != IssueType.NotSupported) || rest.Count == parameters.Count
                || QueryIssues.IsModifier(unknown))
            {
                return new SystemQueryParseResult(null, refused.Issues);
            }

            ignored.Add(Issue.Warning(IssueType.NotSupported, unknown.Diagnostics + "; ignored", unknown.Expression));
            parameters = rest;
        }
    }

    private static QueryParseResult Parse(
        string type,
        ImmutableArray<string>? searched,
        IReadOnlyList<KeyValuePair<string, string>> parameters,
        QueryIssues issues,
        TimeProvider? clock,
        Criterion.OfCompartment? within,
        TerminologySet? terminology)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!ResourceTables.Has(type))
        {
            issues.Malformed("_type", "is not a resource type that can be searched");
            return new QueryParseResult(null, [.. issues.All]);
        }

        var criteria = new CriterionParser(issues, (clock ?? TimeProvider.System).GetUtcNow(), terminology ?? TerminologySet.R4);
        var found = ImmutableArray.CreateBuilder<Criterion>();
        if (within is not null)
        {
            found.Add(within);
        }

        var applied = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        var result = new ResultParameters(type, searched ?? [type], issues);
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

        var query = result.ToQuery(found.ToImmutable(), applied.ToImmutable(), within);
        return new QueryParseResult(issues.Refused ? null : query, [.. issues.All]);
    }
}
