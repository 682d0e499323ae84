using System.Collections.Immutable;

namespace FhirFacade.Fhir.Terminology;

/// <summary>Puts the codes of an expansion below those that they lie below.</summary>
internal static class ExpansionTree
{
    private const int MaxDepth = 50;

    /// <summary>The codes that lie below no other, with the others in them; of several that a code lies below the first has it.</summary>
    public static ImmutableArray<ExpansionConcept> Of(List<ExpansionConcept> flat, TerminologySet terminology)
    {
        var here = flat.Select(concept => (concept.System, concept.Code)).ToHashSet();
        var above = flat.ToDictionary(concept => (concept.System, concept.Code), concept => Parent(concept, here, terminology));
        var below = flat.ToLookup(concept => above[(concept.System, concept.Code)]);

        // Those that only lead to each other in a circle stand at the top.
        var reached = new HashSet<(string, string)>();
        var roots = below[null].Select(root => Nested(root, 0)).ToList();
        roots.AddRange(flat.Where(concept => !reached.Contains((concept.System, concept.Code))).Select(concept => Nested(concept, MaxDepth)));
        return [.. roots];

        ExpansionConcept Nested(ExpansionConcept concept, int depth)
        {
            reached.Add((concept.System, concept.Code));
            return depth >= MaxDepth ? concept : concept with { Contains = [.. below[(concept.System, concept.Code)].Select(child => Nested(child, depth + 1))] };
        }
    }

    private static (string, string)? Parent(ExpansionConcept concept, HashSet<(string, string)> here, TerminologySet terminology)
    {
        foreach (var parent in terminology.CodeSystem(concept.System)?.Details(concept.Code)?.Parents ?? [])
        {
            if (parent != concept.Code && here.Contains((concept.System, parent)))
            {
                return (concept.System, parent);
            }
        }

        return null;
    }
}
