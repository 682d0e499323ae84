using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>EI -> Identifier. The row's constant is the type (table 0203).</summary>
internal static class EiToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Identifier(value, row.Constant, scope);

    /// <summary>Null without a number.</summary>
    public static JsonObject? Identifier(Hl7Element value, string? type, MessageScope scope)
    {
        if (Key(value, scope) is not { } key)
        {
            return null;
        }

        var identifier = new JsonObject();
        identifier.Put("type", IdentifierType.Concept(type));
        identifier.Put("system", key.System);
        identifier.Put("value", key.Value);
        return identifier;
    }

    /// <summary>EI.2 is the namespace, EI.3 and EI.4 the universal id: read as an HD that starts one component later. Null without a number.</summary>
    public static IdentifierKey? Key(Hl7Element value, MessageScope scope) =>
        FhirText.String(value[1]) is { } number
            ? new IdentifierKey(
                scope.Maps.Systems.OfAuthority(FhirText.String(value[2]), FhirText.String(value[3]), FhirText.String(value[4])) ?? IdentifierKey.DefaultSystem(scope),
                number)
            : null;
}
