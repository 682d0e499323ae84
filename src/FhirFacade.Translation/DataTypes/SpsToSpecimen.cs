using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>SPS (OBR-15) -> type, additive, note, site and condition of a Specimen.</summary>
internal static class SpsToSpecimen
{
    public static bool Map(Hl7Element value, MapRow row, MessageScope scope, JsonObject target)
    {
        var before = target.Count;
        target.Put("type", CweToCodeableConcept.Concept(value[1], scope.Maps.SpecimenType, scope));
        if (Additive(value[2]) is { } additive)
        {
            target.Append("container", new JsonObject { ["additiveCodeableConcept"] = additive });
        }

        if (FhirText.Block(value[3].Text) is { } note)
        {
            target.Append("note", new JsonObject { ["text"] = note });
        }

        if (CweToCodeableConcept.Concept(value[4], scope.Maps.BodySite, scope) is { } site)
        {
            if (target["collection"] is not JsonObject collection)
            {
                target["collection"] = collection = [];
            }

            collection["bodySite"] = site;
        }

        target.Append("condition", CweToCodeableConcept.Concept(value[6], scope.Maps.SpecimenCondition, scope));
        return target.Count > before;

        JsonObject? Additive(Hl7Element code) => CweToCodeableConcept.Concept(code, scope.Maps.Additive, scope);
    }
}
