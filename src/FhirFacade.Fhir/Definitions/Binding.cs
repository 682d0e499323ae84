namespace FhirFacade.Fhir.Definitions;

/// <summary>How strictly codes must come from a value set (http://hl7.org/fhir/binding-strength); examples are not kept.</summary>
public enum BindingStrength
{
    /// <summary>The code must be one of the value set.</summary>
    Required,

    /// <summary>The code must be one of the value set if any of them fits.</summary>
    Extensible,

    /// <summary>The value set is recommended.</summary>
    Preferred,
}

/// <summary>The value set that an element's codes come from.</summary>
/// <param name="Strength">How strictly.</param>
/// <param name="ValueSet">Canonical url of the value set, without a version.</param>
public sealed record Binding(BindingStrength Strength, string ValueSet)
{
    /// <summary>A wider value set that no code may leave (http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet); null for none.</summary>
    public string? MaxValueSet { get; init; }
}
