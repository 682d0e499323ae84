using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>PD1-7 -> Observation "advance directive" (LOINC 75320-2), one a patient; the Patient has it as an extension too.</summary>
internal static class LivingWill
{
    public static void Pd1(Hl7Segment pd1, ResourceDraft patient, MessageScope scope)
    {
        if (!pd1[7].HasValue)
        {
            return;
        }

        var draft = scope.Resources.GetOrAdd("Observation", BusinessId.Of("Observation", patient.Id, "75320-2"), TranslationMode.Merge, out var isNew);
        if (!isNew)
        {
            return;
        }

        draft.Content["status"] = "final";
        draft.Content["code"] = new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = "75320-2", ["display"] = "Advance directive" }),
        };
        draft.Content["subject"] = patient.Reference();
        scope.Maps["PD1-Observation"].Run(pd1, draft, scope);
    }
}
