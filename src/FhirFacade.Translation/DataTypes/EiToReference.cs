using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// EI -> logical Reference: the number of something that this message does not describe. The row's constant is the type of the resource.
/// </summary>
internal static class EiToReference
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Reference(value, row.Constant!, scope);

    /// <summary>Null without a number.</summary>
    public static JsonObject? Reference(Hl7Element value, string type, MessageScope scope) =>
        EiToIdentifier.Identifier(value, null, scope) is { } identifier ? new JsonObject { ["type"] = type, ["identifier"] = identifier } : null;
}
