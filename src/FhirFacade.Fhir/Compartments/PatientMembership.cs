namespace FhirFacade.Fhir.Compartments;

/// <summary>Whose compartment a resource is in. A closed set: the records nested here.</summary>
public abstract record PatientMembership
{
    private PatientMembership()
    {
    }

    /// <summary>It names no patient.</summary>
    public sealed record None : PatientMembership;

    /// <summary>It names exactly this patient.</summary>
    /// <param name="PatientId">The id of the Patient resource.</param>
    public sealed record One(string PatientId) : PatientMembership;

    /// <summary>It names different patients; no patient's grant reaches it.</summary>
    public sealed record Several : PatientMembership;
}
