using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.DataTypes;

/// <summary>NR -> Range; either end may be open.</summary>
internal static class NrToRange
{
    /// <summary>Null if neither end is a number.</summary>
    public static JsonObject? Range(Hl7Element value, Hl7Element unit)
    {
        var range = new JsonObject();
        range.Put("low", End(value[1], unit));
        range.Put("high", End(value[2], unit));
        return range.OrNull();
    }

    private static JsonObject? End(Hl7Element value, Hl7Element unit)
    {
        if (FhirText.String(value) is not { } text || !Nm.TryRead(text, out var number))
        {
            return null;
        }

        var end = new JsonObject { ["value"] = number };
        CqToQuantity.Unit(end, unit);
        return end;
    }
}
