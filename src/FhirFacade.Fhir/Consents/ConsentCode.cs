namespace FhirFacade.Fhir.Consents;

/// <summary>A code that a consent names.</summary>
/// <param name="System">Its system; null where the consent names none.</param>
/// <param name="Code">The code.</param>
public readonly record struct ConsentCode(string? System, string Code);
