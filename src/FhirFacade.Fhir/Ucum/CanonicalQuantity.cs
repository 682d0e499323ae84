namespace FhirFacade.Fhir.Ucum;

/// <summary>A quantity in base units.</summary>
/// <param name="Value">The number, without trailing zeros.</param>
/// <param name="Unit">The canonical unit, such as <c>g.m-3</c>; <c>1</c> for plain numbers.</param>
public readonly record struct CanonicalQuantity(decimal Value, string Unit);
