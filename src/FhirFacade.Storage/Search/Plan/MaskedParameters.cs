using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Parse;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>
/// Which searches would tell of elements that a grant hides. They are refused before anything is looked at, so that the refusal depends on the
/// grant and the search alone.
/// </summary>
internal static partial class MaskedParameters
{
    /// <summary>Why the search may not be run; null if it tells of nothing hidden.</summary>
    public static Issue? Refuse(SearchQuery query, AccessGrant grant)
    {
        var mask = grant.Masked;
        if (mask.IsNone)
        {
            return null;
        }

        var told = query.Criteria.Select(criterion => Told(query.Type, criterion, mask))
            .Concat(query.Sort.Select(key => Told(query.Type, key.Parameter, mask)))
            .Concat(query.Includes.Concat(query.RevIncludes).Where(include => include is { SourceType: not null, Reference: not null }).Select(include => Told(include.SourceType!, include.Reference!, mask)));
        return told.FirstOrDefault(name => name is not null) is { } parameter
            ? Issue.Error(IssueType.Forbidden, $"{parameter} looks at an element that is not shown to this client")
            : null;
    }

    /// <summary>Whether the parameter's values come from what is hidden. What cannot be told from its expression is taken to.</summary>
    public static bool Tells(string type, SearchParameter parameter, ElementMask mask)
    {
        var hidden = mask.In(type);
        if (mask.IsNone || parameter.Code is "_id" or "_lastUpdated")
        {
            return false;
        }

        // What a resource holds of other types has elements of theirs.
        if (Inner().IsMatch(parameter.Expression))
        {
            return true;
        }

        if (hidden.IsNone)
        {
            return false;
        }

        return parameter.Type == SearchParameterType.Composite
            ? CompositeParameters.PartsOf(parameter) is not { IsEmpty: false } parts || parts.Any(part => Tells(type, part, mask)) || (parameter.Expression != type && Reads(parameter.Expression, type, hidden))
            : Reads(parameter.Expression, type, hidden);
    }

    // The name of the first parameter that tells; null for none.
    private static string? Told(string type, Criterion criterion, ElementMask mask) => criterion switch
    {
        Criterion.Matches matches => Told(type, matches.Parameter, mask),
        Criterion.Missing missing => Told(type, missing.Parameter, mask),
        Criterion.Chain chain => Told(type, chain.Reference, mask) ?? First(chain.Targets, target => Told(target.Type, target.Criterion, mask)),
        Criterion.Has has => Told(has.SourceType, has.Reference, mask) ?? Told(has.SourceType, has.Source, mask),
        Criterion.All all => First(all.Parts, part => Told(type, part, mask)),
        Criterion.Any any => First(any.Parts, part => Told(type, part, mask)),
        Criterion.Not not => Told(type, not.Inner, mask),
        Criterion.Word word => mask.In(type).IsNone ? null : word.Anywhere ? "_content" : "_text",
        Criterion.OfCompartment compartment => First(compartment.Parameters, parameter => Told(type, parameter, mask)),
        _ => "a parameter",
    };

    private static string? Told(string type, SearchParameter parameter, ElementMask mask) => Tells(type, parameter, mask) ? $"{type}: {parameter.Code}" : null;

    private static string? First<T>(ImmutableArray<T> parts, Func<T, string?> told) => parts.Select(told).FirstOrDefault(name => name is not null);

    private static bool Reads(string expression, string type, ElementMask hidden)
    {
        if (expression.Length == 0 || expression.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        foreach (var side in expression.Split('|'))
        {
            var paths = Path().Matches(side).Select(match => match.Value).Where(path => R4.Definitions.Type(path.Split('.')[0]) is { Kind: TypeKind.Resource }).ToList();
            if (paths.Count == 0)
            {
                return true;
            }

            foreach (var path in paths)
            {
                var root = path.Split('.')[0];
                var own = root is "Resource" or "DomainResource" ? type + path[root.Length..] : path;
                if ((own == type || own.StartsWith(type + ".", StringComparison.Ordinal)) && hidden.Paths.Any(masked => IsWithin(masked, own) || IsWithin(own, masked)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsWithin(string path, string whole) => path == whole || (path.StartsWith(whole, StringComparison.Ordinal) && path[whole.Length] == '.');

    // A step into contained resources or entries of a Bundle, or one that goes through everything.
    [GeneratedRegex(@"\bcontained\b|\.resource\s*\.|\b(?:descendants|children|repeat)\s*\(", RegexOptions.CultureInvariant)]
    private static partial Regex Inner();

    // A path from a type's name up to the first function; what a function looks at lies within.
    [GeneratedRegex(@"\b[A-Z]\w*\b(?:\.[a-z]\w*\b(?!\s*\())*", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
