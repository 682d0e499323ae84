using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CWE -> Identifier: the code, in its coding system. The row's constant is the type.</summary>
internal static class CweToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } code)
        {
            return default;
        }

        var identifier = new JsonObject();
        identifier.Put("type", IdentifierType.Concept(row.Constant));
        identifier.Put("system", scope.Maps.Systems.OfCodeSystem(FhirText.String(value[3])));
        identifier.Put("value", code);
        return identifier;
    }
}
