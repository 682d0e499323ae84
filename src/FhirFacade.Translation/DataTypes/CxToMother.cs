using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>PID-21 -> a RelatedPerson who is the patient's mother, known by her first identifier.</summary>
internal static class CxToMother
{
    public static bool Map(Hl7Element field, MapRow row, MessageScope scope, JsonObject target)
    {
        var identifiers = new JsonArray();
        string? id = null;
        foreach (var value in field.Repetitions)
        {
            if (CxToIdentifier.Map(value, row, scope).Value is JsonObject identifier)
            {
                id ??= BusinessId.Of("RelatedPerson", "mother", (string)target["id"]!, (string?)identifier["system"], (string)identifier["value"]!);
                identifiers.Add(identifier);
            }
        }

        if (id is null)
        {
            return false;
        }

        var draft = scope.Resources.GetOrAdd("RelatedPerson", id, TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content["identifier"] = identifiers;
            draft.Content["patient"] = new JsonObject { ["reference"] = $"Patient/{target["id"]}" };
            draft.Content["relationship"] = new JsonArray(new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject
                {
                    ["system"] = "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
                    ["code"] = "MTH",
                    ["display"] = "mother",
                }),
            });
        }

        return true;
    }
}
