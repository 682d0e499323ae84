using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>AL1-5, IAM-5 -> the manifestations of one reaction, so that its severity stands beside them.</summary>
internal static class StToManifestation
{
    public static bool Map(Hl7Element field, MapRow row, MessageScope scope, JsonObject target)
    {
        var manifestations = new JsonArray();
        foreach (var value in field.Repetitions)
        {
            // Some send a coded entry here.
            if (value.ComponentCount > 1 && CweToCodeableConcept.Concept(value, null, scope) is { } concept)
            {
                manifestations.Add(concept);
            }
            else if (FhirText.String(value.Text) is { } text)
            {
                manifestations.Add(new JsonObject { ["text"] = text });
            }
        }

        if (manifestations.Count == 0)
        {
            return false;
        }

        var reactions = target["reaction"] as JsonArray ?? [];
        var reaction = reactions.Count > 0 ? (JsonObject)reactions[0]! : [];
        if (reactions.Count == 0)
        {
            reactions.Add(reaction);
            target["reaction"] ??= reactions;
        }

        reaction["manifestation"] = manifestations;
        return true;
    }
}
