using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CWE -> Location known by its code within the sending facility; the value is a Reference to it.</summary>
internal static class CweToLocation
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if ((FhirText.Code(value[1]) ?? FhirText.String(value[2])) is not { } code)
        {
            return default;
        }

        var draft = scope.Resources.GetOrAdd("Location", BusinessId.Of("Location", "code", scope.Sender.Facility, code), TranslationMode.Merge, out var isNew);
        if (isNew)
        {
            draft.Content.Append("identifier", CweToIdentifier.Map(value, row, scope).Value);
            draft.Content["name"] = FhirText.String(value[2]) ?? code;
            draft.Content["mode"] = "instance";
        }

        return draft.Reference((string?)draft.Content["name"]);
    }
}
