using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>CQ, NM with a unit -> Quantity.</summary>
internal static class CqToQuantity
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value[1]) is not { } text)
        {
            return default;
        }

        if (!Nm.TryRead(text, out var number))
        {
            scope.Warn(Table0357.DataType, value.Location, "a quantity");
            return default;
        }

        var quantity = new JsonObject { ["value"] = number };
        Unit(quantity, value[2], scope);
        return quantity;
    }

    /// <summary>Adds unit, and code and system where the unit is coded (CWE in a field; in CQ it stands in sub-components).</summary>
    public static void Unit(JsonObject quantity, Hl7Element unit, MessageScope scope)
    {
        if (unit.Raw.Length == 0)
        {
            return;
        }

        var code = FhirText.Code(unit[1]);
        var system = FhirText.String(unit[3]) ?? FhirText.String(unit[14]);
        quantity.Put("unit", FhirText.String(unit[2]) ?? FhirText.String(unit[9]) ?? code);
        if (code is not null && scope.Maps.Systems.OfCodeSystem(system) is { } uri)
        {
            quantity["system"] = uri;
            quantity["code"] = code;
        }
    }
}
