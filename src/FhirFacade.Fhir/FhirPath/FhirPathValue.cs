using System.Text.Json;

namespace FhirFacade.Fhir.FhirPath;

/// <summary>One item of a FHIRPath collection.</summary>
/// <param name="TypeName">The FHIR type (<c>CodeableConcept</c>, <c>dateTime</c>) or System type (<c>System.Boolean</c>).</param>
/// <param name="Element">The JSON that it points to; undefined for computed values.</param>
/// <param name="Computed">The value computed; null for values that point into the JSON.</param>
public readonly record struct FhirPathValue(string TypeName, JsonElement Element, object? Computed = null);
