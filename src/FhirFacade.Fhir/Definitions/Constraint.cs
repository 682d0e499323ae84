namespace FhirFacade.Fhir.Definitions;

/// <summary>A rule that an element obeys, by ElementDefinition.constraint.</summary>
/// <param name="Key">Its key, such as <c>pat-1</c>.</param>
/// <param name="IsWarning">True where the rule is only advice.</param>
/// <param name="Expression">FHIRPath that is true where the rule is kept; its context is the element.</param>
public sealed record Constraint(string Key, bool IsWarning, string Expression);
