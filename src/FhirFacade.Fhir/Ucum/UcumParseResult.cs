namespace FhirFacade.Fhir.Ucum;

/// <summary>A unit, or why a text is none.</summary>
/// <param name="Unit">The unit; null where the text is none.</param>
/// <param name="Rule">The rule of UCUM's syntax that was broken; null where there is a unit.</param>
/// <param name="Position">Where in the text it was broken, from 0.</param>
public sealed record UcumParseResult(UcumUnit? Unit, string? Rule = null, int Position = 0);
