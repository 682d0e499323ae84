using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Observations that US Core also wants on the Patient: sex assigned at birth (LOINC 76689-9) and gender identity (76691-5). PID-8 is the
/// administrative sex and says neither.
/// </summary>
internal static class PatientFacts
{
    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
    private const string Loinc = "http://loinc.org";

    /// <summary>Adds to the patient what an observation of them says; the observation stays what it is.</summary>
    public static void Take(JsonObject observation, ResourceDraft? patient, MessageScope scope)
    {
        if (patient is null || observation["valueCodeableConcept"] is not JsonObject value || (string?)observation["status"] is "entered-in-error" or "cancelled")
        {
            return;
        }

        switch (Codings(observation["code"]).Where(static c => (string?)c["system"] == Loinc).Select(static c => (string?)c["code"]).FirstOrDefault(static c => c is "76689-9" or "76691-5"))
        {
            case "76689-9" when BirthSex(value, scope) is { } code:
                Put(patient, "us-core-birthsex", "valueCode", code);
                break;
            case "76691-5" when Codings(value).Any():
                Put(patient, "us-core-genderIdentity", "valueCodeableConcept", value.DeepClone());
                break;
        }
    }

    private static JsonNode? BirthSex(JsonObject value, MessageScope scope) =>
        Codings(value).Select(coding => scope.Maps.BirthSex.Find((string?)coding["code"] ?? "")?.Code).FirstOrDefault(static code => code is not null);

    private static IEnumerable<JsonObject> Codings(JsonNode? concept) => (concept?["coding"] as JsonArray)?.OfType<JsonObject>() ?? [];

    // The later observation counts.
    private static void Put(ResourceDraft patient, string extension, string name, JsonNode value)
    {
        if (patient.Content["extension"] is JsonArray list && list.FirstOrDefault(e => (string?)e?["url"] == UsCore + extension) is { } old)
        {
            list.Remove(old);
        }

        patient.Content.Extend(UsCore + extension, name, value);
    }
}
