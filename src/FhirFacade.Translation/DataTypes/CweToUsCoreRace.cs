using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// PID-10 and PID-22 -> the race and ethnicity extensions of US Core. All repetitions make one extension: categories of the OMB, anything
/// more detailed beside them, and a text.
/// </summary>
internal static class CweToUsCoreRace
{
    private const string Race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    private const string Ethnicity = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
    private const string CdcRaceAndEthnicity = "urn:oid:2.16.840.1.113883.6.238";

    public static bool MapRace(Hl7Element value, MapRow row, MessageScope scope, JsonObject target) => Map(value, row, scope, target, Race, 5);

    public static bool MapEthnicity(Hl7Element value, MapRow row, MessageScope scope, JsonObject target) => Map(value, row, scope, target, Ethnicity, 1);

    private static bool Map(Hl7Element field, MapRow row, MessageScope scope, JsonObject target, string url, int maxCategories)
    {
        var extension = new JsonObject { ["url"] = url };
        var texts = new List<string>();
        var categories = 0;
        foreach (var value in field.Repetitions)
        {
            var coding = CweToCoding.Triplet(value, 1, 3, 7, 14);
            var known = coding.Code is null ? null : row.Table!.Find(coding.Code);
            if ((CweToString.Text(value) ?? known?.Display) is { } text)
            {
                texts.Add(known is not null && text == coding.Code ? known.Display ?? text : text);
            }

            if (known?.Code is not null && categories < maxCategories)
            {
                categories++;
                Add(extension, "ombCategory", new RawCoding(known.Code, known.Display, null, null, null), known.System);
            }
            else if (coding.Code is not null && scope.Maps.Systems.OfCodeSystem(coding.System) == CdcRaceAndEthnicity)
            {
                Add(extension, "detailed", coding with { Version = null }, CdcRaceAndEthnicity);
            }
        }

        if (texts.Count == 0)
        {
            return false;
        }

        extension.Append("extension", new JsonObject { ["url"] = "text", ["valueString"] = string.Join(", ", texts.Distinct()) });
        target.Append("extension", extension);
        return true;
    }

    private static void Add(JsonObject extension, string part, RawCoding coding, string? system) =>
        extension.Append("extension", new JsonObject { ["url"] = part, ["valueCoding"] = CweToCoding.Json(coding, system) });
}
