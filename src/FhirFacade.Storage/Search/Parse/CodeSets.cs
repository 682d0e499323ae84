using System.Collections.Immutable;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>The codes that <c>:in</c>, <c>:not-in</c>, <c>:above</c> and <c>:below</c> stand for (https://hl7.org/fhir/R4/search.html#token).</summary>
internal static class CodeSets
{
    /// <summary>The codes of a value set; null with the reason where it cannot be listed here.</summary>
    public static (SearchValue.Codes? Codes, string Reason) OfValueSet(TerminologySet terminology, string url, bool isPlainCode)
    {
        var expansion = terminology.Expand(url, new ExpansionRequest(Count: SearchLimits.MaxCodes));
        return !expansion.Issues.IsEmpty ? (null, "the value set is not at hand or cannot be listed")
            : expansion.Total > SearchLimits.MaxCodes ? (null, $"the value set has more than {SearchLimits.MaxCodes} codes")
            : (Codes(expansion.Contains.Select(c => (c.System, c.Code)), isPlainCode), "");
    }

    /// <summary>The code and what lies above or below it; null with the reason where the system does not tell.</summary>
    public static (SearchValue.Codes? Codes, string Reason) OfBranch(TerminologySet terminology, SearchValue.Token token, bool above, bool isPlainCode)
    {
        if (token is not { System: { } system, Code: { } code })
        {
            return (null, "needs the form system|code");
        }

        if (terminology.CodeSystem(system) is not { Concepts: { } concepts } codes || codes.Contains(code) != true)
        {
            return (null, "the code system does not tell what lies above and below the code");
        }

        var branch = concepts.Where(c => (above ? codes.IsA(code, c.Code) : codes.IsA(c.Code, code)) == true).Take(SearchLimits.MaxCodes + 1).Select(c => (system, c.Code)).ToList();
        return branch.Count > SearchLimits.MaxCodes
            ? (null, $"more than {SearchLimits.MaxCodes} codes lie there")
            : (Codes(branch.Append((system, code)).Distinct(), isPlainCode), "");
    }

    /// <summary>Whether the parameter finds elements of the type <c>code</c>, which say no system.</summary>
    public static bool IsPlainCode(string type, SearchParameter parameter) =>
        parameter.Expression.Split('|', StringSplitOptions.TrimEntries).Any(branch => IsPlainCode(type, branch.Split('.')));

    private static bool IsPlainCode(string type, string[] path)
    {
        if (path[0] != type)
        {
            return false;
        }

        var current = type;
        foreach (var name in path.Skip(1))
        {
            if (R4.Definitions.Type(current) is not { } definition || !definition.TryMatch(name, out var match) || match is null)
            {
                return false;
            }

            current = match.TypeName;
        }

        return current == "code";
    }

    private static SearchValue.Codes Codes(IEnumerable<(string System, string Code)> codes, bool isPlainCode) =>
        new([.. codes.Select(c => (isPlainCode ? null : c.System, c.Code)).Distinct()]);
}
