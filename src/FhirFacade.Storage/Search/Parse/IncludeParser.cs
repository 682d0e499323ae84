using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Search.Parse;

/// <summary><c>_include</c> and <c>_revinclude</c>: https://hl7.org/fhir/R4/search.html#include</summary>
internal static class IncludeParser
{
    private const string Any = "*";

    /// <summary>Reads <c>Source:parameter</c>, <c>Source:parameter:Target</c>, <c>Source:*</c> or <c>*</c>, forward or backward; null with an issue otherwise.</summary>
    public static Include? Parse(IReadOnlyCollection<string> searched, string key, string value, bool iterate, bool reverse, QueryIssues issues)
    {
        if (value == Any)
        {
            return new Include(null, null, null, iterate);
        }

        var parts = value.Split(':');
        var source = parts[0];
        if (parts.Length is not (2 or 3) || !ResourceTables.Has(source))
        {
            issues.Unsupported(key, "is not of the form Type:parameter or Type:parameter:Target");
            return null;
        }

        if (!iterate && !reverse && !searched.Contains(source))
        {
            issues.Unsupported(key, "follows references of what is searched unless it iterates");
            return null;
        }

        var target = parts.Length == 3 && parts[2].Length > 0 ? parts[2] : null;
        if (target is not null && !ResourceTables.Has(target))
        {
            issues.Unsupported(key, "names no resource type to include");
            return null;
        }

        if (parts[1] == Any)
        {
            return new Include(source, null, target, iterate);
        }

        if (SearchParameterSet.Served.Find(source, parts[1]) is not { Type: SearchParameterType.Reference } parameter
            || (target is not null && !parameter.Targets.Contains(target))
            || (reverse && !iterate && !searched.Any(parameter.Targets.Contains)))
        {
            issues.Unsupported(key, "names no reference that could be followed");
            return null;
        }

        return new Include(source, parameter, target, iterate);
    }
}
