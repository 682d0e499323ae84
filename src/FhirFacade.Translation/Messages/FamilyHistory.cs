using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// An OBR of LOINC 54114-4 (family member health information) is about one relative: its results also make a FamilyMemberHistory, if one of them says who it
/// is (54136-7). Name 54138-3, sex 54123-5, diseases 54116-9.
/// </summary>
internal static class FamilyHistory
{
    public static void Finish(Order order, MessageScope scope)
    {
        if (!order.Obr[4][1].Is("54114-4") || Value(order, "54136-7")?["valueCodeableConcept"] is not JsonObject relationship
            || order.Results[0].Observation.Content["subject"] is not JsonObject patient)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("FamilyMemberHistory", BusinessId.Of("FamilyMemberHistory", order.Key), TranslationMode.Replace, out var isNew);
        if (!isNew)
        {
            return;
        }

        var content = draft.Content;
        draft.Time = order.Report?.Time;
        content["status"] = (string?)order.Report?.Content["status"] is "entered-in-error" ? "entered-in-error" : "completed";
        content["patient"] = patient.DeepClone();
        content.Put("date", order.Results[0].Observation.Content["effectiveDateTime"]?.DeepClone());
        content.Put("name", Value(order, "54138-3")?["valueString"]?.DeepClone());
        content["relationship"] = relationship.DeepClone();
        content.Put("sex", Value(order, "54123-5")?["valueCodeableConcept"]?.DeepClone());
        foreach (var (_, _, observation) in order.Results.Where(static r => r.Code == "54116-9"))
        {
            Condition(observation.Content, content);
            foreach (var component in (observation.Content["component"] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                Condition(component, content);
            }
        }
    }

    private static JsonObject? Value(Order order, string code) => order.Results.Where(r => r.Code == code).Select(static r => r.Observation.Content).FirstOrDefault();

    private static void Condition(JsonObject from, JsonObject history)
    {
        if (from["valueCodeableConcept"] is JsonObject disease)
        {
            history.Append("condition", new JsonObject { ["code"] = disease.DeepClone() });
        }
    }
}
