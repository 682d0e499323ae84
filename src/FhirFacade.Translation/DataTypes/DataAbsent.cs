using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>What stands where R4 requires something that the message does not say.</summary>
internal static class DataAbsent
{
    private const string Url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

    /// <summary>An element with nothing but the reason: for a complex type, or as <c>_name</c> of a primitive.</summary>
    public static JsonObject Unknown() =>
        new() { ["extension"] = new JsonArray(new JsonObject { ["url"] = Url, ["valueCode"] = "unknown" }) };
}
