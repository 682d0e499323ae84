using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>OBX-4 (ST, from 2.8.2 OG) -> the sub-id extension of Observation.</summary>
internal static class OgToSubId
{
    private const string Url = "http://hl7.org/fhir/StructureDefinition/observation-v2-subid";

    public static bool Map(Hl7Element value, MapRow row, MessageScope scope, JsonObject target)
    {
        var parts = new JsonObject();
        parts.Extend("original-sub-identifier", "valueString", FhirText.String(value[1]));
        parts.Extend("group", "valueDecimal", Number(value[2]));
        parts.Extend("sequence", "valueDecimal", Number(value[3]));
        parts.Extend("identifier", "valueString", FhirText.String(value[4]));
        if (parts.Count == 0)
        {
            return false;
        }

        var extension = new JsonObject { ["url"] = Url };
        foreach (var part in (JsonArray)parts["extension"]!)
        {
            extension.Append("extension", part!.DeepClone());
        }

        target.Append("extension", extension);
        return true;
    }

    private static JsonValue? Number(Hl7Element value) => FhirText.String(value) is { } text && Nm.TryRead(text, out var number) ? JsonValue.Create(number) : null;
}
