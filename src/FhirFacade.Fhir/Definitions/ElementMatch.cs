namespace FhirFacade.Fhir.Definitions;

/// <summary>What a JSON property name means in a type.</summary>
/// <param name="Element">The element, such as <c>Observation.value[x]</c>.</param>
/// <param name="TypeName">The type of its value, such as <c>Quantity</c> for <c>valueQuantity</c>; <c>Resource</c> where any resource may stand.</param>
public sealed record ElementMatch(ElementDefinition Element, string TypeName)
{
    /// <summary>Where the element stands in <see cref="TypeDefinition.Elements"/> of the type that was asked.</summary>
    public int Index { get; internal init; }
}
