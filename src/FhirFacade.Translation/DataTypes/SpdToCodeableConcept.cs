using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>SPD -> CodeableConcept: a specialty is named, not coded.</summary>
internal static class SpdToCodeableConcept
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) =>
        FhirText.String(value[1]) is { } name ? new JsonObject { ["text"] = name } : default(Mapped);
}
