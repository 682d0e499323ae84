using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Compartments;

/// <summary>The Patient compartment: https://hl7.org/fhir/R4/compartmentdefinition-patient.html</summary>
public static class PatientCompartment
{
    private const string Patient = "Patient";

    private static readonly Lazy<FrozenDictionary<string, ImmutableArray<string>>> links = new(() => CompartmentFile.ReadR4(Patient));

    /// <summary>Whether resources of the type can be in a patient's compartment at all.</summary>
    public static bool Contains(string resourceType) => resourceType == Patient || links.Value.ContainsKey(resourceType);

    /// <summary>
    /// Whether the type holds no patient's data but is what patients' data points to: Practitioner, PractitionerRole,
    /// Organization, Location.
    /// </summary>
    public static bool IsDirectory(string resourceType) =>
        resourceType is "Practitioner" or "PractitionerRole" or "Organization" or "Location";

    /// <summary>The search parameters that link the type to its patient; empty outside the compartment.</summary>
    public static ImmutableArray<string> LinkingParameters(string resourceType) => links.Value.GetValueOrDefault(resourceType, []);

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
        foreach (var reference in SearchParameterSet.R4.Indexer(resourceType).References(resource, LinkingParameters(resourceType)))
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
