using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>Flattens the tree of CodeSystem.concept; the properties <c>parent</c>, <c>child</c> and <c>subsumedBy</c> add to it.</summary>
internal static class CodeSystemConcepts
{
    private const int MaxDepth = 60;

    public static ImmutableArray<ListedConcept> Read(JsonElement codeSystem)
    {
        var drafts = new List<Draft>();
        Add(codeSystem.Items("concept"), null, drafts, 0);
        var byCode = drafts.DistinctBy(draft => draft.Concept.Code, StringComparer.Ordinal).ToDictionary(draft => draft.Concept.Code, StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            foreach (var child in draft.Children)
            {
                if (byCode.TryGetValue(child, out var below))
                {
                    below.Parents.Add(draft.Concept.Code);
                }
            }
        }

        return [.. byCode.Values.Select(draft => new ListedConcept(draft.Concept, [.. draft.Parents.Distinct(StringComparer.Ordinal)], [.. draft.Properties])
        {
            Designations = draft.Designations,
            Definition = draft.Definition,
        })];
    }

    private static void Add(IEnumerable<JsonElement> concepts, string? parent, List<Draft> drafts, int depth)
    {
        foreach (var concept in concepts)
        {
            if (concept.Text("code") is not { Length: > 0 } code)
            {
                continue;
            }

            var draft = new Draft { Designations = Designation.Read(concept), Definition = concept.Text("definition") };
            var (isAbstract, isInactive) = (false, false);
            foreach (var property in concept.Items("property").Where(property => property.ValueKind == JsonValueKind.Object))
            {
                var name = property.Text("code") ?? "";
                var (value, type) = Value(property);
                isInactive |= (name == "inactive" && value == "true") || (name == "status" && value is "retired" or "inactive");
                isAbstract |= name is "notSelectable" or "abstract" && value == "true";
                (name switch { "parent" or "subsumedBy" => draft.Parents, "child" => draft.Children, _ => null })?.Add(value);
                if (name is not ("parent" or "subsumedBy" or "child"))
                {
                    draft.Properties.Add(new ConceptProperty(name, value, type));
                }
            }

            if (parent is not null)
            {
                draft.Parents.Add(parent);
            }

            draft.Concept = new Concept(code, concept.Text("display"), isAbstract, isInactive);
            drafts.Add(draft);
            if (depth < MaxDepth)
            {
                Add(concept.Items("concept"), code, drafts, depth + 1);
            }
        }
    }

    private static (string Value, string Type) Value(JsonElement property)
    {
        foreach (var item in property.EnumerateObject())
        {
            if (item.Name.StartsWith("value", StringComparison.Ordinal))
            {
                var type = item.Name["value".Length..];
                return item.Value.ValueKind switch
                {
                    JsonValueKind.String => (item.Value.GetString()!, char.ToLowerInvariant(type.FirstOrDefault('s')) + type[Math.Min(1, type.Length)..]),
                    JsonValueKind.Object => (item.Value.Text("code") ?? "", "Coding"),
                    JsonValueKind.True or JsonValueKind.False => (item.Value.GetRawText(), "boolean"),
                    _ => (item.Value.GetRawText(), type == "Integer" ? "integer" : "decimal"),
                };
            }
        }

        return ("", "string");
    }

    private sealed class Draft
    {
        public Concept Concept { get; set; } = null!;

        public List<string> Parents { get; } = [];

        public List<string> Children { get; } = [];

        public List<ConceptProperty> Properties { get; } = [];

        public ImmutableArray<Designation> Designations { get; init; } = [];

        public string? Definition { get; init; }
    }
}
