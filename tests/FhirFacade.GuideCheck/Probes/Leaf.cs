namespace FhirFacade.GuideCheck.Probes;

/// <summary>A primitive value of a resource.</summary>
/// <param name="Path">Elements from the resource down, without indexes: <c>Patient.name.family</c>.</param>
/// <param name="Value">Its text; of a reference only the type of what it leads to.</param>
public readonly record struct Leaf(string Path, string Value);
