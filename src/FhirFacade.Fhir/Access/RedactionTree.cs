using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Access;

/// <summary>Where masked elements are, type by type; made of the definitions when a type is first met.</summary>
internal sealed partial class RedactionTree
{
    private readonly ConcurrentDictionary<string, RedactionNode> made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RedactionNode> making = new(StringComparer.Ordinal);
    private readonly Lock one = new();
    private readonly ILookup<string, string[]> hidden;

    public RedactionTree(ElementMask mask)
    {
        var rules = new List<(string Type, string[] Inner)>();
        foreach (var path in mask.Paths)
        {
            if (!ElementPath.TryResolve(path, out var names, out var owner))
            {
                throw new ArgumentException("A mask names what is no element that can be hidden.", nameof(mask));
            }

            rules.Add(owner);
            rules.Add((names[0], ["text"]));
            if (PersonsName().IsMatch(path))
            {
                rules.Add(("Reference", ["display"]));
            }
        }

        hidden = rules.ToLookup(rule => rule.Type, rule => rule.Inner, StringComparer.Ordinal);
    }

    /// <summary>The node of a type; one without parts where nothing is hidden in it.</summary>
    public RedactionNode Of(string type)
    {
        if (made.TryGetValue(type, out var node))
        {
            return node;
        }

        lock (one)
        {
            // Nodes of types that are part of each other are seen by others only when all are filled.
            node = R4.Definitions.Type(type) is null ? new RedactionNode() : Shared(type);
            made[type] = node;
            return node;
        }
    }

    private RedactionNode Shared(string type)
    {
        if (!making.TryGetValue(type, out var node))
        {
            making[type] = node = new RedactionNode();
            Fill(node, type, []);
        }

        return node;
    }

    private void Fill(RedactionNode node, string type, IReadOnlyCollection<string[]> further)
    {
        var definition = R4.Definitions.Type(type)!;
        List<string[]> rules = [.. hidden[type], .. further];
        foreach (var element in definition.Elements)
        {
            var own = rules.Where(rule => rule[0] == element.Name).ToList();
            foreach (var name in TypeDefinition.JsonNamesOf(element))
            {
                if (definition.TryMatch(name, out var match) && Part(match.TypeName, own) is { } part)
                {
                    node.Parts[name] = part;
                }
            }
        }
    }

    private RedactionNode? Part(string type, List<string[]> own)
    {
        if (own.Exists(rule => rule.Length == 1))
        {
            return RedactionNode.Hidden;
        }

        if (type == "Resource")
        {
            return RedactionNode.Resource;
        }

        if (R4.Definitions.Type(type) is null or { Kind: TypeKind.Primitive })
        {
            return null;
        }

        if (own.Count > 0)
        {
            var node = new RedactionNode();
            Fill(node, type, [.. own.Select(rule => rule[1..])]);
            return node;
        }

        return Reaches(type, []) ? Shared(type) : null;
    }

    private bool Reaches(string type, HashSet<string> seen) =>
        seen.Add(type) && R4.Definitions.Type(type) is { Kind: not TypeKind.Primitive } definition
        && (hidden.Contains(type) || definition.Elements.Any(element => element.Types.Any(t => t == "Resource" || Reaches(t, seen))));

    [GeneratedRegex(@"^(Patient|Practitioner|RelatedPerson|Person)\.name(\.|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PersonsName();
}
