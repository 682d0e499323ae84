using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Messages;

/// <summary>Lists of identifiers to which several fields have contributed.</summary>
internal static class Identifiers
{
    /// <summary>Drops an identifier whose number and type are there already, unless it names another system.</summary>
    public static void Distinct(JsonObject content)
    {
        if (content["identifier"] is not JsonArray { Count: > 1 } list)
        {
            return;
        }

        for (var i = 1; i < list.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (IsSame((JsonObject)list[j]!, (JsonObject)list[i]!))
                {
                    ((JsonObject)list[j]!)["system"] ??= list[i]!["system"]?.DeepClone();
                    if (list[j]!["system"] is null)
                    {
                        ((JsonObject)list[j]!).Remove("system");
                    }

                    list.RemoveAt(i--);
                    break;
                }
            }
        }
    }

    private static bool IsSame(JsonObject one, JsonObject other) =>
        Text(one["value"]) == Text(other["value"])
        && Text(one["type"]?["coding"]?[0]?["code"]) == Text(other["type"]?["coding"]?[0]?["code"])
        && (one["system"] is null || other["system"] is null || Text(one["system"]) == Text(other["system"]));

    private static string? Text(JsonNode? node) => (string?)node;
}
