using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace FhirFacade.Fhir.Definitions;

/// <summary>A FHIR type: its elements in the order of the specification, inherited ones first.</summary>
public sealed class TypeDefinition
{
    // Made on first use: of the several hundred types a process meets few.
    private FrozenDictionary<string, ElementMatch>? _byJsonName;
    private FrozenDictionary<string, ElementDefinition>? _byName;
    private ElementNames? _byUtf8Name;
    private int[]? _required;

    internal TypeDefinition(
        string name, TypeKind kind, string? baseType, bool isAbstract, ImmutableArray<ElementDefinition> elements, ImmutableArray<Constraint> constraints)
    {
        (Name, Kind, BaseType, IsAbstract, Elements, Constraints) = (name, kind, baseType, isAbstract, elements, constraints);
    }

    /// <summary>Its name: <c>Patient</c>, <c>HumanName</c>, <c>code</c>, <c>Patient.contact</c>.</summary>
    public string Name { get; }

    /// <summary>Its kind.</summary>
    public TypeKind Kind { get; }

    /// <summary>The type that it specialises; null for Element and Resource.</summary>
    public string? BaseType { get; }

    /// <summary>Whether no instance has just this type (Element, Resource, DomainResource ...).</summary>
    public bool IsAbstract { get; }

    /// <summary>All elements, inherited ones first, in the order in which XML writes them.</summary>
    public ImmutableArray<ElementDefinition> Elements { get; }

    /// <summary>Rules of every instance, inherited ones first.</summary>
    public ImmutableArray<Constraint> Constraints { get; }

    private FrozenDictionary<string, ElementMatch> ByJsonName =>
        _byJsonName ?? First(ref _byJsonName, JsonNames(Elements).ToFrozenDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal));

    private FrozenDictionary<string, ElementDefinition> ByName =>
        _byName ?? First(ref _byName, Elements.ToFrozenDictionary(element => element.Name, StringComparer.Ordinal));

    /// <summary>
    /// The element of this FHIRPath name (<c>value</c> for <c>value[x]</c>) or JSON name (<c>valueQuantity</c>);
    /// null where the type has none. The <c>_name</c> form of primitives is not resolved here.
    /// </summary>
    public ElementDefinition? Element(string name) =>
        ByName.TryGetValue(name, out var element) ? element
        : ByJsonName.TryGetValue(name, out var match) ? match.Element
        : null;

    /// <summary>The element and the value's type that a JSON property of this name has; choices are found by their typed name only.</summary>
    public bool TryMatch(string jsonName, [NotNullWhen(true)] out ElementMatch? match) => ByJsonName.TryGetValue(jsonName, out match);

    /// <summary>As <see cref="TryMatch(string, out ElementMatch)"/> without a string of its own.</summary>
    public bool TryMatch(ReadOnlySpan<char> jsonName, [NotNullWhen(true)] out ElementMatch? match) =>
        ByJsonName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(jsonName, out match);

    /// <summary>As <see cref="TryMatch(string, out ElementMatch)"/> for UTF-8; null where there is none.</summary>
    internal ElementMatch? Match(ReadOnlySpan<byte> jsonName) => (_byUtf8Name ?? First(ref _byUtf8Name, new ElementNames(ByJsonName))).Find(jsonName);

    /// <summary>Where in <see cref="Elements"/> those stand that must be there.</summary>
    internal ReadOnlySpan<int> Required =>
        _required ?? First(ref _required, [.. Enumerable.Range(0, Elements.Length).Where(index => Elements[index].Min > 0)]);

    /// <summary>The JSON names that an element of this type may have: one, or for a choice one a type.</summary>
    public static IEnumerable<string> JsonNamesOf(ElementDefinition element)
    {
        ArgumentNullException.ThrowIfNull(element);
        return element.IsChoice ? element.Types.Select(type => ChoiceName(element.Name, type)) : [element.Name];
    }

    private static IEnumerable<KeyValuePair<string, ElementMatch>> JsonNames(ImmutableArray<ElementDefinition> elements)
    {
        for (var index = 0; index < elements.Length; index++)
        {
            var element = elements[index];
            foreach (var type in element.IsChoice ? element.Types : element.Types[..1])
            {
                yield return new(element.IsChoice ? ChoiceName(element.Name, type) : element.Name, new ElementMatch(element, type, index));
            }
        }
    }

    private static string ChoiceName(string name, string type) => string.Concat(name, type[..1].ToUpperInvariant(), type.AsSpan(1));

    // Of several threads that make the same the first one's stays: matches are compared by reference.
    private static T First<T>(ref T? field, T made)
        where T : class => Interlocked.CompareExchange(ref field, made, null) ?? made;
}
