using System.Collections.Immutable;
using System.Text.Json;

namespace FhirFacade.Fhir.Definitions;

/// <summary>The elements of a StructureDefinition as a tree by their ids, on the way to <see cref="ProfileElement"/>.</summary>
internal sealed class ProfileDraft(string id, string name, string? sliceName)
{
    private const int MaxDepth = 40;
    private JsonElement _definition;

    private List<ProfileDraft> Children { get; } = [];

    private List<ProfileDraft> Slices { get; } = [];

    public static ProfileDraft? Build(string type, IEnumerable<JsonElement> elements, out string? unreadable)
    {
        var root = new ProfileDraft(type, type, null);
        foreach (var element in elements)
        {
            if (element.Text("id") is not { Length: > 0 } id)
            {
                unreadable = "an element has no id.";
                return null;
            }

            var parts = id.Split('.');
            if (parts.Length > MaxDepth)
            {
                unreadable = "its elements are nested too deeply.";
                return null;
            }

            var node = root;
            foreach (var part in parts.AsSpan(1))
            {
                node = node.Enter(part);
            }

            node._definition = element;
        }

        unreadable = null;
        return root;
    }

    /// <summary>The element with what it adds to <paramref name="type"/>'s element of its name.</summary>
    public ProfileElement ToElement(TypeDefinition type, DefinitionSet types) => ToElement(null, [type], types);

    private ProfileElement ToElement(ElementDefinition? origin, IReadOnlyList<TypeDefinition> ownTypes, DefinitionSet types)
    {
        var allowed = ProfileFacts.Types(_definition);
        IReadOnlyList<TypeDefinition> inner = allowed.IsEmpty || origin?.Types is [var single] && single.Contains('.', StringComparison.Ordinal)
            ? ownTypes
            : [.. allowed.Select(entry => types.Type(entry.Code)).OfType<TypeDefinition>()];
        return new ProfileElement
        {
            Id = id,
            Name = name,
            SliceName = sliceName,
            Min = ProfileFacts.Min(_definition, sliceName is null ? origin : null),
            Max = ProfileFacts.Max(_definition, sliceName is null ? origin : null),
            Types = ProfileFacts.AddsTypes(allowed, origin) ? allowed : [],
            Fixed = ProfileFacts.Value(_definition, "fixed"),
            Pattern = ProfileFacts.Value(_definition, "pattern"),
            Binding = ProfileFacts.Binding(_definition, sliceName is null ? origin : null),
            MinValue = ProfileFacts.Value(_definition, "minValue"),
            MaxValue = ProfileFacts.Value(_definition, "maxValue"),
            MaxLength = ProfileFacts.MaxLength(_definition),
            Constraints = ProfileFacts.Constraints(_definition, types),
            Slicing = ProfileFacts.Slicing(_definition),
            MustSupport = _definition.Flag("mustSupport"),
            Slices = [.. Slices.Select(slice => slice.ToElement(origin, inner, types))],
            Children = [.. Children.Select(child => child.ToChild(inner, types)).Where(IsWorthKeeping)],
        };
    }

    private ProfileElement ToChild(IReadOnlyList<TypeDefinition> parents, DefinitionSet types)
    {
        var element = parents.Select(parent => parent.Element(name)).FirstOrDefault(found => found is not null);
        return ToElement(element, element is null ? [] : [.. element.Types.Select(types.Type).OfType<TypeDefinition>()], types);
    }

    private static bool IsWorthKeeping(ProfileElement element) =>
        element.MustSupport || element.Min > 0 || element.Max is not null || !element.Types.IsEmpty
        || element.Fixed.ValueKind != JsonValueKind.Undefined || element.Pattern.ValueKind != JsonValueKind.Undefined
        || element.MinValue.ValueKind != JsonValueKind.Undefined || element.MaxValue.ValueKind != JsonValueKind.Undefined || element.MaxLength is not null
        || element.Binding is not null || !element.Constraints.IsEmpty || !element.Slices.IsEmpty || !element.Children.IsEmpty
        || element.Slicing is { Rules: SlicingRules.Closed };

    private ProfileDraft Enter(string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var plain = colon < 0 ? part : part[..colon];
        var slice = colon < 0 ? null : part[(colon + 1)..];
        plain = plain.EndsWith("[x]", StringComparison.Ordinal) ? plain[..^3] : plain;
        var child = Children.Find(child => child.Name == plain);
        if (child is null)
        {
            Children.Add(child = new ProfileDraft(id + "." + (colon < 0 ? part : part[..colon]), plain, null));
        }

        if (slice is null)
        {
            return child;
        }

        var found = child.Slices.Find(other => other.SliceName == slice);
        if (found is null)
        {
            child.Slices.Add(found = new ProfileDraft(id + "." + part, plain, slice));
        }

        return found;
    }

    private string Name => name;

    private string? SliceName => sliceName;
}
