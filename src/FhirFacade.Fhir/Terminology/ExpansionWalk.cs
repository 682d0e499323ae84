using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Terminology;

/// <summary>Gathers the codes of one value set and of those that it imports.</summary>
internal sealed class ExpansionWalk(TerminologySet terminology)
{
    /// <summary>More codes, all imports together, are not gathered.</summary>
    public const int MaxConcepts = 50_000;

    private readonly Dictionary<string, List<ExpansionConcept>?> _imported = new(StringComparer.Ordinal);
    private int _work;

    /// <summary>Why there are none; null where all is well.</summary>
    public Issue? Refused { get; private set; }

    /// <summary>The codes, each once, in the order of the definition; empty where they are refused.</summary>
    public List<ExpansionConcept> Of(ValueSet set)
    {
        if (set.Includes.IsEmpty)
        {
            return Refuse(IssueType.NotSupported, $"The value set {set.Url} has no definition.");
        }

        var seen = new HashSet<(string, string)>();
        var result = new List<ExpansionConcept>();
        foreach (var part in set.Includes)
        {
            result.AddRange(Of(part).Where(concept => seen.Add((concept.System, concept.Code))));
            if (Refused is not null)
            {
                return [];
            }
        }

        foreach (var part in set.Excludes)
        {
            var excluded = Of(part).Select(concept => (concept.System, concept.Code)).ToHashSet();
            if (Refused is not null)
            {
                return [];
            }

            result.RemoveAll(concept => excluded.Contains((concept.System, concept.Code)));
        }

        return result;
    }

    private List<ExpansionConcept> Of(ValueSetPart part)
    {
        var result = part.System is null ? null : OfSystem(part, part.System);
        foreach (var import in part.ValueSets)
        {
            if (Refused is not null)
            {
                return [];
            }

            var codes = Imported(import);
            var known = codes.Select(concept => (concept.System, concept.Code)).ToHashSet();
            result = result is null ? codes : result.FindAll(concept => known.Contains((concept.System, concept.Code)));
        }

        _work += result?.Count ?? 0;
        return _work > MaxConcepts ? Refuse(IssueType.TooCostly, $"The value set has more than {MaxConcepts} codes.") : result ?? [];
    }

    // Each set is expanded once; one that is being expanded imports itself.
    private List<ExpansionConcept> Imported(string url)
    {
        if (_imported.TryGetValue(url, out var known))
        {
            return known ?? Refuse(IssueType.TooCostly, $"The value set {url} imports itself.");
        }

        if (terminology.ValueSet(url) is not { } set)
        {
            return Refuse(IssueType.NotFound, $"The value set {url} is not at hand.");
        }

        if (_imported.Count >= MaxImports)
        {
            return Refuse(IssueType.TooCostly, $"The value set imports more than {MaxImports} others.");
        }

        _imported[url] = null;
        return _imported[url] = Of(set);
    }

    private const int MaxImports = 200;

    private List<ExpansionConcept> OfSystem(ValueSetPart part, string url)
    {
        var system = terminology.CodeSystem(url);
        if (part.Codes.Count > 0)
        {
            return [.. part.Order.Select(code => (code, concept: system?.Find(code)))
                .Select(item => new ExpansionConcept(url, item.code, part.Codes[item.code] ?? item.concept?.Display, item.concept?.IsAbstract ?? false, item.concept?.IsInactive ?? false))];
        }

        if (system is null)
        {
            return Refuse(IssueType.NotFound, $"The code system {url} is not at hand.");
        }

        return system.Select(part.Filters) is not { } concepts
            ? Refuse(IssueType.NotSupported, part.Filters.IsEmpty ? $"The codes of {url} cannot be listed." : $"The codes of {url} that pass the filters cannot be listed.")
            : [.. concepts.Take(MaxConcepts + 1).Select(concept => new ExpansionConcept(url, concept.Code, concept.Display, concept.IsAbstract, concept.IsInactive))];
    }

    private List<ExpansionConcept> Refuse(string code, string rule)
    {
        Refused ??= Issue.Error(code, rule);
        return [];
    }
}
