using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CodeableConcepts of codes that a map or an assembly chooses itself.</summary>
internal static class Coded
{
    /// <summary>One coding.</summary>
    public static JsonObject Concept(string? system, string code, string? display = null)
    {
        var coding = new JsonObject();
        coding.Put("system", system);
        coding["code"] = code;
        coding.Put("display", display);
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }

    /// <summary>What a primitive's <c>_name</c> says of the code it came from (extension <c>alternate-codes</c>).</summary>
    public static JsonObject Alternate(string system, string code) => new()
    {
        ["extension"] = new JsonArray(new JsonObject
        {
            ["url"] = "http://hl7.org/fhir/StructureDefinition/alternate-codes",
            ["valueCodeableConcept"] = Concept(system, code),
        }),
    };
}
