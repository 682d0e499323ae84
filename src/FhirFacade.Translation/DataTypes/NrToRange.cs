using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>NR -> Range; either end may be open.</summary>
internal static class NrToRange
{
    /// <summary>Null if neither end is a number.</summary>
    public static JsonObject? Range(Hl7Element value, Hl7Element unit, MessageScope scope)
    {
        var range = new JsonObject();
        range.Put("low", End(value[1], unit, scope));
        range.Put("high", End(value[2], unit, scope));
        return range.OrNull();
    }

    private static JsonObject? End(Hl7Element value, Hl7Element unit, MessageScope scope)
    {
        if (FhirText.String(value) is not { } text || !Nm.TryRead(text, out var number))
        {
            return null;
        }

        var end = new JsonObject { ["value"] = number };
        CqToQuantity.Unit(end, unit, scope);
        return end;
    }
}
