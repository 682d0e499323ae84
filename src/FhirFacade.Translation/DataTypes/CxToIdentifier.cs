using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CX -> Identifier. The row's constant is the type (table 0203) of an identifier that names none.</summary>
internal static class CxToIdentifier
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope) => Identifier(value, row.Constant, scope);

    /// <summary>Null without a number.</summary>
    public static JsonObject? Identifier(Hl7Element value, string? defaultType, MessageScope scope)
    {
        if (Key(value, scope) is not { } key)
        {
            return null;
        }

        var identifier = new JsonObject();
        CheckDigit.Put(identifier, value[2], value[3]);
        identifier.Put("type", IdentifierType.Concept(FhirText.Code(value[5]) ?? defaultType));
        identifier.Put("system", key.System);
        identifier.Put("value", key.Value);
        identifier.Put("period", PeriodOf.Dates(value[7], value[8], scope));
        if (FhirText.String(value[4]) is { } authority && key.System is not null)
        {
            identifier["assigner"] = new JsonObject { ["display"] = authority };
        }

        return identifier;
    }

    /// <summary>Number and authority; null without a number.</summary>
    public static IdentifierKey? Key(Hl7Element cx, MessageScope scope) =>
        FhirText.String(cx[1]) is { } number ? new IdentifierKey(HdToUri.Uri(cx[4], scope) ?? IdentifierKey.DefaultSystem(scope), number) : null;
}
