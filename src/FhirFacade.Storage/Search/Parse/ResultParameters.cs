using System.Collections.Immutable;
using System.Globalization;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>The parameters that say what the answer looks like: https://hl7.org/fhir/R4/search.html#result</summary>
internal sealed class ResultParameters(string type, ImmutableArray<string> searched, QueryIssues issues)
{
    private const int MaxSortKeys = 8;

    private readonly List<SortKey> sort = [];
    private readonly List<Include> includes = [];
    private readonly List<Include> revIncludes = [];
    private readonly List<string> elements = [];
    private int count = SearchLimits.DefaultCount;
    private TotalMode total;
    private SummaryMode? summary;
    private ContainedMode contained;
    private bool showsContained;

    /// <summary>Reads the parameter if it is one of these.</summary>
    /// <param name="key">Its name, modifiers included.</param>
    /// <param name="value">Its value.</param>
    /// <param name="used">Whether it has an effect on this search.</param>
    /// <returns>False if it is some other parameter.</returns>
    public bool TryRead(string key, string value, out bool used)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        var modifier = colon < 0 ? "" : key[(colon + 1)..];
        var name = colon < 0 ? key : key[..colon];
        used = name switch
        {
            "_sort" => modifier.Length == 0 && ReadSort(value),
            "_count" => modifier.Length == 0 && ReadCount(value),
            "_total" => modifier.Length == 0 && ReadTotal(value),
            "_summary" => modifier.Length == 0 && ReadSummary(value),
            "_elements" => modifier.Length == 0 && ReadElements(value),
            "_contained" => modifier.Length == 0 && ReadContained(value),
            "_containedType" => modifier.Length == 0 && ReadContainedType(value),
            "_include" => ReadInclude(includes, key, modifier, value, false),
            "_revinclude" => ReadInclude(revIncludes, key, modifier, value, true),
            _ => false,
        };
        if (!used && modifier.Length > 0 && name is "_sort" or "_count" or "_total" or "_summary" or "_elements" or "_contained" or "_containedType")
        {
            issues.UnsupportedModifier(key, "takes no modifier");
        }

        return name is "_sort" or "_count" or "_total" or "_summary" or "_elements" or "_contained" or "_containedType" or "_include" or "_revinclude" or "_format" or "_pretty";
    }

    public SearchQuery ToQuery(ImmutableArray<Criterion> criteria, ImmutableArray<KeyValuePair<string, string>> applied, Criterion.OfCompartment? within)
    {
        CheckContained(criteria, within is not null);
        return new SearchQuery(
            type,
            criteria,
            [.. sort],
            summary == SummaryMode.Count ? 0 : count,
            count == 0 || summary == SummaryMode.Count ? TotalMode.Accurate : total,
            [.. includes],
            [.. revIncludes],
            summary,
            [.. elements],
            applied,
            [.. issues.All])
        {
            Within = within,
            Contained = contained,
            ShowsContained = showsContained,
        };
    }

    private bool ReadSort(string value)
    {
        foreach (var word in value.Split(','))
        {
            if (sort.Count >= MaxSortKeys)
            {
                issues.TooCostly("_sort", $"has more than {MaxSortKeys} keys");
                return false;
            }

            var descending = word.StartsWith('-');
            var code = descending ? word[1..] : word;
            if (SearchParameterSet.Served.Find(type, code) is not { Expression.Length: > 0 } parameter)
            {
                issues.Unsupported("_sort", $"{type} has no such search parameter");
                return false;
            }

            if (parameter.Type is SearchParameterType.Composite or SearchParameterType.Special || ParameterAliases.IsAlias(type, code))
            {
                issues.Unsupported("_sort", "does not sort by composite and special parameters, nor by those that combine others");
                return false;
            }

            sort.Add(new SortKey(parameter, descending));
        }

        return true;
    }

    private bool ReadCount(string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            issues.Malformed("_count", "is not a number of resources");
            return false;
        }

        count = Math.Min(number, SearchLimits.MaxCount);
        return true;
    }

    private bool ReadTotal(string value)
    {
        TotalMode? mode = value switch
        {
            "none" => TotalMode.None,
            "estimate" => TotalMode.Estimate,
            "accurate" => TotalMode.Accurate,
            _ => null,
        };
        if (mode is null)
        {
            issues.Malformed("_total", "is none, estimate or accurate");
            return false;
        }

        total = mode.Value;
        return true;
    }

    private bool ReadContained(string value)
    {
        ContainedMode? mode = value switch
        {
            "false" => ContainedMode.False,
            "true" => ContainedMode.True,
            "both" => ContainedMode.Both,
            _ => null,
        };
        if (mode is null)
        {
            issues.Malformed("_contained", "is true, false or both");
            return false;
        }

        contained = mode.Value;
        return true;
    }

    private bool ReadContainedType(string value)
    {
        if (value is not ("container" or "contained"))
        {
            issues.Malformed("_containedType", "is container or contained");
            return false;
        }

        showsContained = value == "contained";
        return true;
    }

    // What is contained has no address, no time and no container but its own: what needs one of these is refused instead of finding something else.
    private void CheckContained(ImmutableArray<Criterion> criteria, bool within)
    {
        if (contained == ContainedMode.False)
        {
            return;
        }

        if (sort.Any(key => key.Parameter.Code is not ("_id" or "_lastUpdated")))
        {
            issues.Malformed("_sort", "is _id or _lastUpdated where contained resources are searched");
        }

        if (includes.Count + revIncludes.Count > 0)
        {
            issues.Malformed("_contained", "goes without _include and _revinclude");
        }

        if (within)
        {
            issues.Malformed("_contained", "does not search in compartments");
        }

        if (criteria.Any(HasContent))
        {
            issues.Malformed("_contained", "goes without _content");
        }

        static bool HasContent(Criterion criterion) => criterion switch
        {
            Criterion.Word word => word.Anywhere,
            Criterion.All all => all.Parts.Any(HasContent),
            Criterion.Any any => any.Parts.Any(HasContent),
            Criterion.Not not => HasContent(not.Inner),
            _ => false,
        };
    }

    private bool ReadSummary(string value)
    {
        SummaryMode? mode = value switch
        {
            "true" => SummaryMode.True,
            "false" => SummaryMode.False,
            "text" => SummaryMode.Text,
            "data" => SummaryMode.Data,
            "count" => SummaryMode.Count,
            _ => null,
        };
        if (mode is null)
        {
            issues.Malformed("_summary", "is true, false, text, data or count");
            return false;
        }

        summary = mode;
        return true;
    }

    private bool ReadElements(string value)
    {
        var names = value.Split(',');
        if (!names.All(n => n.Length > 0 && n.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '[' or ']')))
        {
            issues.Malformed("_elements", "is a list of element names");
            return false;
        }

        elements.AddRange(names);
        return true;
    }

    private bool ReadInclude(List<Include> into, string key, string modifier, string value, bool reverse)
    {
        if (modifier is not ("" or "iterate" or "recurse"))
        {
            issues.UnsupportedModifier(key, "this modifier is not offered");
            return false;
        }

        var include = IncludeParser.Parse(searched, key, value, modifier.Length > 0, reverse, issues);
        if (include is not null)
        {
            into.Add(include);
        }

        return include is not null;
    }
}
