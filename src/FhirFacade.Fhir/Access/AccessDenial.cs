namespace FhirFacade.Fhir.Access;

/// <summary>What stays closed whatever a rule opens: https://hl7.org/fhir/R4/consent.html (a provision of type <c>deny</c>).</summary>
/// <param name="ResourceType">An R4 resource type, or <c>*</c> for every type.</param>
/// <param name="Interactions">What may not be done; a request that needs any of them is refused.</param>
/// <param name="PatientId">Only resources of this patient; null: whoever they belong to.</param>
/// <param name="Filter">Only resources that match this search (see <see cref="AccessRule.Filter"/>); null: all.</param>
public sealed record AccessDenial(string ResourceType, Interactions Interactions, string? PatientId = null, string? Filter = null)
{
    /// <summary>Whether it closes every resource that it speaks of, without looking at it.</summary>
    public bool IsUnconditional => PatientId is null && Filter is null;

    /// <summary>Whether it has a say where these interactions with the type are needed.</summary>
    public bool Touches(string resourceType, Interactions needed) =>
        (Interactions & needed) != Interactions.None && (ResourceType == AccessRule.AnyType || ResourceType == resourceType);
}
