using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>Codes of table 0203 as Identifier.type.</summary>
internal static class IdentifierType
{
    public const string System = "http://terminology.hl7.org/CodeSystem/v2-0203";

    public static JsonObject? Concept(string? code) =>
        code is null ? null : new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = System, ["code"] = code }) };
}
