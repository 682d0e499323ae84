using System.Globalization;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;
using FhirFacade.Translation.Segments;

namespace FhirFacade.Translation.DataTypes;

/// <summary>NM whose unit stands in another field of the segment, which the row's constant names (<c>RXO-4</c>), -> Quantity.</summary>
internal static class NmWithUnitToQuantity
{
    public static Mapped Map(Hl7Element value, MapRow row, MessageScope scope)
    {
        if (FhirText.String(value) is not { } text)
        {
            return default;
        }

        if (!Nm.TryRead(text, out var number))
        {
            scope.Warn(Table0357.DataType, value.Location, "a number");
            return default;
        }

        var quantity = new JsonObject { ["value"] = number };
        var field = int.Parse(row.Constant.AsSpan(row.Constant!.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);
        var unit = scope.Segment[field];
        if (unit.HasValue)
        {
            CqToQuantity.Unit(quantity, unit, scope);
            scope.Use.Read(scope.Segment, field);
        }

        return quantity;
    }
}
