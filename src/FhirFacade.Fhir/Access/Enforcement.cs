namespace FhirFacade.Fhir.Access;

/// <summary>What a caller of <see cref="AccessGrant.For"/> can do beside keeping to openings. What it cannot do is closed to it.</summary>
[Flags]
public enum Enforcement
{
    /// <summary>Nothing: it is told only of openings that show whole resources, and a denial with a condition closes the type.</summary>
    None = 0,

    /// <summary>It removes masked elements, and refuses searches that would tell of them.</summary>
    Masks = 1,

    /// <summary>It leaves out the resources that <see cref="TypeAccess.Restricted.Denials"/> match.</summary>
    Denials = 2,

    /// <summary>It asks the consents of patients for openings that are <see cref="Opening.IsConsented"/>.</summary>
    Consents = 4,

    /// <summary>All of them.</summary>
    All = Masks | Denials | Consents,
}
