using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.DataTypes;

/// <summary>PRT-23, preferred method of contact (table 0185) -> iso21090-preferred on the telecoms that are such a method.</summary>
internal static class PreferredTelecom
{
    private const string Preferred = "http://hl7.org/fhir/StructureDefinition/iso21090-preferred";

    /// <summary>Marks those of a list that the code names; a single one whose kind is not told is meant in any case.</summary>
    public static void Mark(JsonArray? telecoms, string? method)
    {
        if (telecoms is null || method is not ("B" or "C" or "E" or "F" or "H" or "O"))
        {
            return;
        }

        foreach (var telecom in telecoms.OfType<JsonObject>())
        {
            var (system, use) = ((string?)telecom["system"], (string?)telecom["use"]);
            var isMeant = method switch
            {
                "B" => system == "pager",
                "C" => use == "mobile",
                "E" => system == "email",
                "F" => system == "fax",
                "H" => use == "home",
                _ => use == "work",
            };
            if (isMeant || telecoms.Count == 1)
            {
                telecom.Extend(Preferred, "valueBoolean", JsonValue.Create(true));
            }
        }
    }
}
