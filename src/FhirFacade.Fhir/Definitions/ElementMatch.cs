namespace FhirFacade.Fhir.Definitions;

/// <summary>What a JSON property name means in a type. There is one instance a name and type.</summary>
public sealed class ElementMatch
{
    private TypeDefinition? _type;

    internal ElementMatch(ElementDefinition element, string typeName, int index)
    {
        (Element, TypeName, Index) = (element, typeName, index);
        Primitive = char.IsAsciiLetterLower(typeName[0]) && Enum.TryParse<PrimitiveKind>(typeName, ignoreCase: true, out var kind) ? kind : PrimitiveKind.None;
    }

    /// <summary>The element, such as <c>Observation.value[x]</c>.</summary>
    public ElementDefinition Element { get; }

    /// <summary>The type of its value, such as <c>Quantity</c> for <c>valueQuantity</c>; <c>Resource</c> where any resource may stand.</summary>
    public string TypeName { get; }

    /// <summary>Where the element stands in <see cref="TypeDefinition.Elements"/> of the type that was asked.</summary>
    public int Index { get; }

    /// <summary>Which primitive the value is, if it is one.</summary>
    internal PrimitiveKind Primitive { get; }

    /// <summary>The definition of the value's type, kept after the first look-up.</summary>
    internal TypeDefinition TypeIn(DefinitionSet definitions) => _type ??= definitions.Type(TypeName)!;
}
