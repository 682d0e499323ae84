using System.Collections.Frozen;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>
/// The one date of a type by which it is mostly searched and sorted; it has columns in the row itself. Only elements that
/// hold one value (a dateTime, a Period, a Timing seen by its outer limits) serve.
/// </summary>
public static class MainDate
{
    private static readonly FrozenDictionary<string, string> parameters = new Dictionary<string, string>
    {
        ["Account"] = "period",
        ["AdverseEvent"] = "date",
        ["AllergyIntolerance"] = "date",
        ["Appointment"] = "date",
        ["AuditEvent"] = "date",
        ["CarePlan"] = "date",
        ["CareTeam"] = "date",
        ["ChargeItem"] = "occurrence",
        ["Claim"] = "created",
        ["ClinicalImpression"] = "date",
        ["Communication"] = "sent",
        ["CommunicationRequest"] = "authored",
        ["Composition"] = "date",
        ["Condition"] = "onset-date",
        ["Consent"] = "date",
        ["DetectedIssue"] = "identified",
        ["DeviceRequest"] = "authored-on",
        ["DiagnosticReport"] = "date",
        ["DocumentManifest"] = "created",
        ["DocumentReference"] = "date",
        ["Encounter"] = "date",
        ["EpisodeOfCare"] = "date",
        ["ExplanationOfBenefit"] = "created",
        ["FamilyMemberHistory"] = "date",
        ["Flag"] = "date",
        ["Goal"] = "start-date",
        ["ImagingStudy"] = "started",
        ["Immunization"] = "date",
        ["Invoice"] = "date",
        ["List"] = "date",
        ["Media"] = "created",
        ["MedicationAdministration"] = "effective-time",
        ["MedicationDispense"] = "whenhandedover",
        ["MedicationRequest"] = "authoredon",
        ["MedicationStatement"] = "effective",
        ["Observation"] = "date",
        ["Patient"] = "birthdate",
        ["Person"] = "birthdate",
        ["Procedure"] = "date",
        ["Provenance"] = "recorded",
        ["QuestionnaireResponse"] = "authored",
        ["RelatedPerson"] = "birthdate",
        ["RequestGroup"] = "authored",
        ["RiskAssessment"] = "date",
        ["ServiceRequest"] = "authored",
        ["Slot"] = "start",
        ["Specimen"] = "collected",
        ["SupplyRequest"] = "date",
        ["Task"] = "authored-on",
    }.ToFrozenDictionary();

    /// <summary>The code of the search parameter, or null where the type has no main date.</summary>
    public static string? Of(string resourceType) =>
        parameters.TryGetValue(resourceType, out var code)
        && SearchParameterSet.R4.Find(resourceType, code) is { Type: SearchParameterType.Date }
            ? code
            : null;
}
