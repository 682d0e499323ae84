using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// Observation.category, which v2 has no field for: by the LOINC code where it is a vital sign or a social history (US Core), by the
/// diagnostic service (OBR-24), else laboratory where the order has a specimen.
/// </summary>
internal static class ResultCategory
{
    private const string Laboratory = "laboratory";
    private const string Sections = "http://terminology.hl7.org/CodeSystem/v2-0074";
    private const string Loinc = "http://loinc.org";

    /// <summary>The category that the code itself has; null for most codes.</summary>
    public static JsonObject? OfCode(JsonObject? code, MessageScope scope)
    {
        foreach (var coding in code?["coding"] as JsonArray ?? [])
        {
            if ((string?)coding!["system"] == Loinc && scope.Maps.LoincCategory.Find((string?)coding["code"] ?? "") is { Code: { } category } target)
            {
                return Concept(target.System, category, target.Display);
            }
        }

        return null;
    }

    /// <summary>What only the whole report tells.</summary>
    public static void Finish(Order order, ResourceDraft report)
    {
        var isLaboratory = order.Category is { } category ? (string?)category["coding"]?[0]?["code"] == Laboratory : order.FirstSpecimen is not null;
        if (!isLaboratory)
        {
            return;
        }

        var concept = Concept("http://terminology.hl7.org/CodeSystem/observation-category", Laboratory, "Laboratory");
        foreach (var (_, _, observation) in order.Results)
        {
            if (observation.Type == "Observation" && !observation.Content.ContainsKey("category"))
            {
                observation.Content["category"] = new JsonArray(concept);
            }
        }

        if (report.Content["category"] is not JsonArray there || !there.Any(static c => (string?)c!["coding"]?[0]?["code"] == "LAB"))
        {
            report.Content.Append("category", Concept(Sections, "LAB", "Laboratory"));
        }
    }

    private static JsonObject Concept(string? system, string code, string? display)
    {
        var coding = new JsonObject { ["system"] = system, ["code"] = code };
        coding.Put("display", display);
        return new JsonObject { ["coding"] = new JsonArray(coding) };
    }
}
