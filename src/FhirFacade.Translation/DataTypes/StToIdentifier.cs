using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>ST -> Identifier without a system. The row's constant is the type (table 0203).</summary>
internal static class StToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value) is not { } number)
        {
            return default;
        }

        var identifier = new JsonObject();
        identifier.Put("type", IdentifierType.Concept(row.Constant));
        identifier["value"] = number;
        return identifier;
    }
}
