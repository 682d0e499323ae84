using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>DLD -> Location to which the patient was discharged, known by its code within the sending facility; the value is a Reference.</summary>
internal static class DldToLocation
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (CweToCodeableConcept.Concept(value[1], null, scope) is not { } type || CweToString.Text(value[1]) is not { } name)
        {
            return default;
        }

        var id = BusinessId.Of("Location", "discharge", scope.Sender.Facility, FhirText.Code(value[1]) ?? name);
        var draft = scope.Resources.GetOrAdd("Location", id, TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content["name"] = name;
            draft.Content["mode"] = "instance";
            draft.Content["type"] = new JsonArray(type);
        }

        return draft.Reference(name);
    }
}
