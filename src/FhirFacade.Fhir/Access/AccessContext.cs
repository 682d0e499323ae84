namespace FhirFacade.Fhir.Access;

/// <summary>The first part of a SMART scope: whose rights a rule draws on.</summary>
public enum AccessContext
{
    /// <summary>The one patient that the token names.</summary>
    Patient,

    /// <summary>The signed-in user: what is in that person's reach (<see cref="UserReach"/>).</summary>
    User,

    /// <summary>A back-end service: every resource of the type.</summary>
    System,
}
