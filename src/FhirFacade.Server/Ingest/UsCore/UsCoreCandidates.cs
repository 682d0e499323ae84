using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Ingest.UsCore;

/// <summary>The profiles of US Core that are meant for a resource, by type, category and code; whether it conforms is another question.</summary>
internal static class UsCoreCandidates
{
    private static readonly FrozenDictionary<string, string> ByType = new Dictionary<string, string>
    {
        ["AllergyIntolerance"] = "us-core-allergyintolerance",
        ["CarePlan"] = "us-core-careplan",
        ["CareTeam"] = "us-core-careteam",
        ["Coverage"] = "us-core-coverage",
        ["DocumentReference"] = "us-core-documentreference",
        ["Encounter"] = "us-core-encounter",
        ["Goal"] = "us-core-goal",
        ["Immunization"] = "us-core-immunization",
        ["Location"] = "us-core-location",
        ["Medication"] = "us-core-medication",
        ["MedicationDispense"] = "us-core-medicationdispense",
        ["MedicationRequest"] = "us-core-medicationrequest",
        ["Organization"] = "us-core-organization",
        ["Patient"] = "us-core-patient",
        ["Practitioner"] = "us-core-practitioner",
        ["PractitionerRole"] = "us-core-practitionerrole",
        ["Procedure"] = "us-core-procedure",
        ["Provenance"] = "us-core-provenance",
        ["RelatedPerson"] = "us-core-relatedperson",
        ["ServiceRequest"] = "us-core-servicerequest",
        ["Specimen"] = "us-core-specimen",
    }.ToFrozenDictionary();

    // LOINC.
    private static readonly FrozenDictionary<string, string> ByCode = new Dictionary<string, string>
    {
        ["85354-9"] = "us-core-blood-pressure",
        ["39156-5"] = "us-core-bmi",
        ["8302-2"] = "us-core-body-height",
        ["8310-5"] = "us-core-body-temperature",
        ["29463-7"] = "us-core-body-weight",
        ["9843-4"] = "us-core-head-circumference",
        ["8867-4"] = "us-core-heart-rate",
        ["2708-6"] = "us-core-pulse-oximetry",
        ["59408-5"] = "us-core-pulse-oximetry",
        ["9279-1"] = "us-core-respiratory-rate",
        ["59576-9"] = "pediatric-bmi-for-age",
        ["77606-2"] = "pediatric-weight-for-height",
        ["8289-1"] = "head-occipital-frontal-circumference-percentile",
        ["72166-2"] = "us-core-smokingstatus",
        ["11341-5"] = "us-core-observation-occupation",
        ["82810-3"] = "us-core-observation-pregnancystatus",
        ["86645-9"] = "us-core-observation-pregnancyintent",
        ["76690-7"] = "us-core-observation-sexual-orientation",
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> Of(JsonObject resource) => (string?)resource["resourceType"] switch
    {
        "Observation" => Observation(resource),
        "Condition" => HasCode(resource["category"], "encounter-diagnosis") ? ["us-core-condition-encounter-diagnosis", "us-core-condition"]
            : ["us-core-condition-problems-health-concerns", "us-core-condition"],
        "DiagnosticReport" => HasCode(resource["category"], "LAB") ? ["us-core-diagnosticreport-lab"] : ["us-core-diagnosticreport-note"],
        "Device" => resource["patient"] is null ? [] : ["us-core-implantable-device"],
        { } type when ByType.TryGetValue(type, out var profile) => [profile],
        _ => [],
    };

    private static List<string> Observation(JsonObject resource)
    {
        var profiles = new List<string>();
        var category = resource["category"];
        if (HasCode(category, "laboratory"))
        {
            profiles.Add("us-core-observation-lab");
        }

        if (HasCode(category, "vital-signs"))
        {
            profiles.Add("us-core-vital-signs");
        }

        if (HasCode(category, "imaging") || HasCode(category, "procedure"))
        {
            profiles.Add("us-core-observation-clinical-result");
        }

        if (HasCode(category, "survey") || HasCode(category, "sdoh"))
        {
            profiles.Add("us-core-observation-screening-assessment");
        }

        foreach (var coding in Codings(resource["code"]))
        {
            if ((string?)coding["system"] == "http://loinc.org" && (string?)coding["code"] is { } code && ByCode.TryGetValue(code, out var profile) && !profiles.Contains(profile))
            {
                profiles.Add(profile);
            }
        }

        return profiles;
    }

    private static bool HasCode(JsonNode? concepts, string code) =>
        concepts is JsonArray list && list.Any(concept => Codings(concept).Any(coding => (string?)coding["code"] == code));

    private static IEnumerable<JsonObject> Codings(JsonNode? concept) => (concept?["coding"] as JsonArray)?.OfType<JsonObject>() ?? [];
}
