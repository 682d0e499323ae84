using System.Collections.Immutable;

namespace FhirFacade.Fhir.Definitions;

/// <summary>Reads types.tsv and constraints.tsv.</summary>
internal static class TypeFile
{
    private const string AnyResource = "Resource";

    public static List<TypeDefinition> Read(IEnumerable<string> typeLines, IEnumerable<string> constraintLines)
    {
        var constraints = ReadConstraints(constraintLines);
        var drafts = ReadDrafts(typeLines, constraints);
        var done = new Dictionary<string, TypeDefinition>(drafts.Count, StringComparer.Ordinal);
        foreach (var draft in drafts.Values)
        {
            Finish(draft);
        }

        return [.. done.Values];

        TypeDefinition Finish(Draft draft)
        {
            if (done.TryGetValue(draft.Name, out var type))
            {
                return type;
            }

            var ancestor = draft.Base is null ? null : Finish(drafts[draft.Base]);
            ImmutableArray<ElementDefinition> elements = ancestor is null ? [.. draft.Elements] : [.. ancestor.Elements, .. draft.Elements];
            var own = constraints.GetValueOrDefault(draft.Name, []);
            ImmutableArray<Constraint> rules = ancestor is null ? [.. own] : [.. ancestor.Constraints, .. own];
            return done[draft.Name] = new TypeDefinition(draft.Name, draft.Kind, draft.Base, draft.IsAbstract, elements, rules);
        }
    }

    private static Dictionary<string, List<Constraint>> ReadConstraints(IEnumerable<string> lines)
    {
        var result = new Dictionary<string, List<Constraint>>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var columns = line.Split('\t');
            if (!result.TryGetValue(columns[0], out var list))
            {
                result[columns[0]] = list = [];
            }

            list.Add(new Constraint(columns[1], columns[2] == "warning", columns[3]));
        }

        return result;
    }

    private static Dictionary<string, Draft> ReadDrafts(IEnumerable<string> lines, Dictionary<string, List<Constraint>> constraints)
    {
        var drafts = new Dictionary<string, Draft>(StringComparer.Ordinal);
        var type = "";
        foreach (var line in lines)
        {
            var columns = line.Split('\t');
            if (line[0] == '=')
            {
                type = columns[0][1..];
                drafts.Add(type, new Draft(type, Kind(columns[1]), columns.ElementAtOrDefault(2) is { Length: > 0 } name ? name : null, columns.Length > 3));
                continue;
            }

            var path = $"{type}.{columns[0]}";
            var dot = path.LastIndexOf('.');
            var element = ReadElement(path, path[(dot + 1)..], columns);
            if (columns[2] is "BackboneElement" or "Element")
            {
                drafts.Add(path, new Draft(path, TypeKind.Backbone, columns[2], false));
            }
            else if (constraints.TryGetValue(path, out var rules))
            {
                element = element with { Constraints = [.. rules] };
            }

            drafts[path[..dot]].Elements.Add(element);
        }

        return drafts;
    }

    private static ElementDefinition ReadElement(string path, string name, string[] columns)
    {
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        var flags = columns.ElementAtOrDefault(3) ?? "";
        var cardinality = columns[1].AsSpan();
        var types = ImmutableArray.CreateBuilder<string>();
        ImmutableArray<string> references = [], canonicals = [];
        foreach (var entry in columns[2].Split(' '))
        {
            var bracket = entry.IndexOf('(', StringComparison.Ordinal);
            var code = entry is "BackboneElement" or "Element" ? path : entry[0] == '#' ? entry[1..] : bracket < 0 ? entry : entry[..bracket];
            types.Add(code);
            if (bracket >= 0)
            {
                var targets = entry[(bracket + 1)..^1].Split('|').ToImmutableArray();
                (references, canonicals) = code == "Reference" ? (targets, canonicals) : (references, targets);
            }
        }

        return new ElementDefinition(
            path,
            isChoice ? name[..^3] : name,
            cardinality[0] - '0',
            cardinality[3..] is "*" ? null : int.Parse(cardinality[3..], System.Globalization.CultureInfo.InvariantCulture),
            types.DrainToImmutable(),
            isChoice)
        {
            ReferenceTargets = references.Contains(AnyResource) ? [] : references,
            CanonicalTargets = canonicals.Contains(AnyResource) ? [] : canonicals,
            Binding = columns.Length > 4 ? BindingReader.Read(columns[4]) : null,
            IsModifier = flags.Contains('M', StringComparison.Ordinal),
            IsSummary = flags.Contains('S', StringComparison.Ordinal),
        };
    }

    private static TypeKind Kind(string text) => text switch
    {
        "primitive-type" => TypeKind.Primitive,
        "complex-type" => TypeKind.Complex,
        "resource" => TypeKind.Resource,
        _ => throw new InvalidDataException("unknown kind of type"),
    };

    private sealed record Draft(string Name, TypeKind Kind, string? Base, bool IsAbstract)
    {
        public List<ElementDefinition> Elements { get; } = [];
    }
}
