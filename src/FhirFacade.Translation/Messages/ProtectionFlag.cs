using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.DataTypes;

namespace FhirFacade.Translation.Messages;

/// <summary>
/// PD1-12 and PV2-22 (protection indicators) -> Flag of the patient, of the visit: whoever sees the record is told that it is to be protected. Whom it is kept
/// from is no matter of a flag; labels are (a profile's row from the field to <c>meta.security</c>).
/// </summary>
internal static class ProtectionFlag
{
    public static void Of(Hl7Element indicator, string text, ResourceDraft patient, ResourceDraft? encounter, MessageScope scope)
    {
        if (FhirText.Code(indicator) is not ("Y" or "N"))
        {
            return;
        }

        // N takes the flag away where there is one: without a stored flag it says nothing that a client could use.
        var draft = scope.Resources.GetOrAdd("Flag", BusinessId.Of("Flag", patient.Id, encounter?.Id, "protection"), TranslationMode.Merge, out _);
        draft.Content["status"] = indicator.Is("Y") ? "active" : "inactive";
        draft.Content["category"] = new JsonArray(new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/flag-category", ["code"] = "admin" }),
        });
        draft.Content["code"] = new JsonObject { ["text"] = text };
        draft.Content["subject"] = patient.Reference();
        draft.Content.Put("encounter", encounter?.Reference());
        scope.Use.Read(scope.Segment, int.Parse(indicator.Location[(indicator.Location.LastIndexOf('-') + 1)..], null));
    }
}
