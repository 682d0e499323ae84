using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Terminology;

/// <summary>What to expand.</summary>
/// <param name="Text">Only concepts whose code or display contains this, whatever the case; null for all.</param>
/// <param name="Offset">How many to leave out at the beginning.</param>
/// <param name="Count">How many to return at most.</param>
/// <param name="ActiveOnly">Whether to leave out concepts that only group others.</param>
public sealed record ExpansionRequest(string? Text = null, int Offset = 0, int Count = 1000, bool ActiveOnly = false);

/// <summary>One code of an expansion.</summary>
/// <param name="System">Its code system.</param>
/// <param name="Code">The code.</param>
/// <param name="Display">Its name; null where none is known.</param>
/// <param name="IsAbstract">Whether it only groups others.</param>
public sealed record ExpansionConcept(string System, string Code, string? Display, bool IsAbstract);

/// <summary>A page of the codes of a value set, or the issues that say why they cannot be listed.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Contains">The page, in the order of the definition.</param>
/// <param name="Issues">Empty where the expansion is complete.</param>
public sealed record Expansion(int Total, ImmutableArray<ExpansionConcept> Contains, ImmutableArray<Issue> Issues);

/// <summary>expand (https://hl7.org/fhir/R4/valueset-operation-expand.html).</summary>
public static class ValueSetExpansion
{
    /// <summary>A value set with more codes is not expanded.</summary>
    public const int MaxConcepts = 50_000;

    private const int MaxDepth = 16;

    /// <summary>
    /// The codes of a value set. An expansion is whole or refused: an issue of code not-found names what is not at hand,
    /// not-supported a filter or system that cannot be listed, too-costly what is too large or leads in a circle.
    /// </summary>
    public static Expansion Expand(this TerminologySet terminology, string valueSet, ExpansionRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(terminology);
        return terminology.ValueSet(valueSet) is { } set
            ? Expand(terminology, set, request)
            : new Expansion(0, [], [Issue.Error(IssueType.NotFound, "The value set is not at hand.")]);
    }

    /// <summary>The codes of a value set that is given.</summary>
    public static Expansion Expand(this TerminologySet terminology, ValueSet valueSet, ExpansionRequest? request = null)
    {
        request ??= new ExpansionRequest();
        var walk = new Walk(terminology);
        var all = walk.Of(valueSet, 0);
        if (walk.Refused is { } refused)
        {
            return new Expansion(0, [], [refused]);
        }

        var wanted = all.Where(concept => !(request.ActiveOnly && concept.IsAbstract)
            && (request.Text is null || concept.Code.Contains(request.Text, StringComparison.OrdinalIgnoreCase) || concept.Display?.Contains(request.Text, StringComparison.OrdinalIgnoreCase) == true)).ToList();
        return new Expansion(wanted.Count, [.. wanted.Skip(Math.Max(0, request.Offset)).Take(Math.Max(0, request.Count))], []);
    }

    private sealed class Walk(TerminologySet terminology)
    {
        private int _work;

        public Issue? Refused { get; private set; }

        public List<ExpansionConcept> Of(ValueSet set, int depth)
        {
            if (depth > MaxDepth)
            {
                return Refuse(IssueType.TooCostly, "The value set imports others too deeply, or itself.");
            }

            if (set.Includes.IsEmpty)
            {
                return Refuse(IssueType.NotSupported, $"The value set {set.Url} has no definition.");
            }

            var seen = new HashSet<(string, string)>();
            var result = new List<ExpansionConcept>();
            foreach (var part in set.Includes)
            {
                result.AddRange(Of(part, depth).Where(concept => seen.Add((concept.System, concept.Code))));
                if (Refused is not null)
                {
                    return [];
                }
            }

            foreach (var part in set.Excludes)
            {
                var excluded = Of(part, depth).Select(concept => (concept.System, concept.Code)).ToHashSet();
                result.RemoveAll(concept => excluded.Contains((concept.System, concept.Code)));
            }

            return result;
        }

        private List<ExpansionConcept> Of(ValueSetPart part, int depth)
        {
            var result = part.System is null ? null : OfSystem(part, part.System);
            foreach (var import in part.ValueSets)
            {
                if (Refused is not null)
                {
                    return [];
                }

                if (terminology.ValueSet(import) is not { } set)
                {
                    return Refuse(IssueType.NotFound, $"The value set {import} is not at hand.");
                }

                var codes = Of(set, depth + 1);
                var known = codes.Select(concept => (concept.System, concept.Code)).ToHashSet();
                result = result is null ? codes : result.FindAll(concept => known.Contains((concept.System, concept.Code)));
            }

            _work += result?.Count ?? 0;
            return _work > MaxConcepts ? Refuse(IssueType.TooCostly, $"The value set has more than {MaxConcepts} codes.") : result ?? [];
        }

        private List<ExpansionConcept> OfSystem(ValueSetPart part, string url)
        {
            var system = terminology.CodeSystem(url);
            if (part.Codes.Count > 0)
            {
                return [.. part.Codes.Select(pair => (pair, concept: system?.Find(pair.Key)))
                    .Select(item => new ExpansionConcept(url, item.pair.Key, item.pair.Value ?? item.concept?.Display, item.concept?.IsAbstract ?? false))];
            }

            if (system?.Concepts is not { } concepts)
            {
                return Refuse(system is null ? IssueType.NotFound : IssueType.NotSupported, $"The codes of {url} cannot be listed.");
            }

            var result = new List<ExpansionConcept>();
            foreach (var concept in concepts)
            {
                var passes = part.Filters.Aggregate((bool?)true, (sofar, filter) => sofar == false ? false : sofar & system.Passes(concept.Code, filter));
                if (passes is null)
                {
                    return Refuse(IssueType.NotSupported, $"A filter on {url} cannot be decided.");
                }

                if (passes == true)
                {
                    result.Add(new ExpansionConcept(url, concept.Code, concept.Display, concept.IsAbstract));
                }
            }

            return result;
        }

        private List<ExpansionConcept> Refuse(string code, string rule)
        {
            Refused ??= Issue.Error(code, rule);
            return [];
        }
    }
}
