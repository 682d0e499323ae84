using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Compartments;

/// <summary>
/// The Patient compartment as access control needs it: a resource belongs to exactly one patient or to nobody
/// (https://hl7.org/fhir/R4/compartmentdefinition-patient.html). <see cref="Compartment"/> is the definition itself.
/// </summary>
public static class PatientCompartment
{
    private const string Patient = "Patient";

    /// <summary>Whether resources of the type can be in a patient's compartment at all.</summary>
    public static bool Contains(string resourceType) => Compartment.Patient.Contains(resourceType);

    /// <summary>
    /// Whether the type holds no patient's data but is what patients' data points to: Practitioner, PractitionerRole,
    /// Organization, Location.
    /// </summary>
    public static bool IsDirectory(string resourceType) =>
        resourceType is "Practitioner" or "PractitionerRole" or "Organization" or "Location";

    /// <summary>The search parameters that link the type to its patient; empty outside the compartment.</summary>
    public static ImmutableArray<string> LinkingParameters(string resourceType) => Compartment.Patient.LinkingParameters(resourceType);

    /// <summary>The ids of all patients of this server to whom the resource is linked, whether it belongs to one of them or, for several, to nobody.</summary>
    public static IReadOnlyCollection<string> PatientsOf(string resourceType, JsonElement resource)
    {
        var patients = new SortedSet<string>(StringComparer.Ordinal);
        if (resourceType == Patient && resource.Text("id"u8) is { } own)
        {
            patients.Add(own);
        }
        else if (resourceType != Patient)
        {
            foreach (var reference in Compartment.Patient.References(resourceType, resource))
            {
                if (PatientReference.Read(reference, resource) is (PatientReferenceKind.Here, { } id))
                {
                    patients.Add(id);
                }
            }
        }

        return patients;
    }

    /// <summary>
    /// The patient that the resource belongs to, over all parameters that link its type. A Patient belongs to itself, whatever
    /// it links to. Two different patients give <see cref="PatientMembership.Several"/>, and so does one beside a patient
    /// who is not on this server (another server's, a contained one, one known by identifier only): what cannot be told
    /// apart is given to nobody. Such a patient alone gives <see cref="PatientMembership.None"/>.
    /// </summary>
    public static PatientMembership Of(string resourceType, JsonElement resource)
    {
        if (resourceType == Patient)
        {
            return resource.Text("id"u8) is { } own ? new PatientMembership.One(own) : new PatientMembership.None();
        }

        string? patient = null;
        var foreign = false;
        foreach (var reference in Compartment.Patient.References(resourceType, resource))
        {
            switch (PatientReference.Read(reference, resource))
            {
                case (PatientReferenceKind.Here, { } id) when patient is null || patient == id:
                    patient = id;
                    break;
                case (PatientReferenceKind.Here, _):
                    return new PatientMembership.Several();
                case (PatientReferenceKind.Elsewhere, _):
                    foreign = true;
                    break;
            }
        }

        return patient is null ? new PatientMembership.None()
            : foreign ? new PatientMembership.Several()
            : new PatientMembership.One(patient);
    }
}
