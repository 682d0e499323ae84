using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.Compartments;

internal enum PatientReferenceKind
{
    /// <summary>It does not name a patient.</summary>
    NoPatient,

    /// <summary>It names a patient of this server.</summary>
    Here,

    /// <summary>It names a patient whose id on this server, if there is one, cannot be told.</summary>
    Elsewhere,
}

/// <summary>What a Reference says about a patient.</summary>
internal static class PatientReference
{
    private const string Patient = "Patient";

    public static (PatientReferenceKind Kind, string? Id) Read(JsonElement reference, JsonElement resource)
    {
        var url = reference.Text("reference"u8);
        if (url is not null && RelativeReference.TryParse(url, out var relative))
        {
            return relative.Type == Patient ? (PatientReferenceKind.Here, relative.Id) : default;
        }

        var isPatient = reference.Text("type"u8) == Patient
            || (url is not null && (url.StartsWith('#') ? IsContainedPatient(url[1..], resource) : NamesPatient(url)));
        return isPatient ? (PatientReferenceKind.Elsewhere, null) : default;
    }

    private static bool NamesPatient(string url) =>
        url.StartsWith(Patient + "/", StringComparison.Ordinal) || url.Contains("/" + Patient + "/", StringComparison.Ordinal)
        || url.StartsWith(Patient + "?", StringComparison.Ordinal) || url.Contains("/" + Patient + "?", StringComparison.Ordinal);

    private static bool IsContainedPatient(string id, JsonElement resource)
    {
        foreach (var contained in resource.Items("contained"u8))
        {
            if (contained.Text("id"u8) == id && contained.Text("resourceType"u8) == Patient)
            {
                return true;
            }
        }

        return false;
    }
}
