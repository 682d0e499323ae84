namespace FhirFacade.Comparison;

/// <summary>A leaf of a resource.</summary>
/// <param name="Path">Resource type and element names without indexes; an extension by its url: <c>Patient.extension(http://...).valueCode</c>.</param>
/// <param name="Value">As text; a reference as the type and, where the bundle has the target, what names it.</param>
public sealed record Element(string Path, string Value);
