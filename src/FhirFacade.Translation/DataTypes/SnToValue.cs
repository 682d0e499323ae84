using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Translation.Building;
using FhirFacade.Translation.Messages;

namespace FhirFacade.Translation.DataTypes;

/// <summary>
/// SN (comparator, number, separator, number) -> Quantity, Range, Ratio, or string where none of them can say it: <c>&lt;&gt;</c>, <c>+</c>,
/// and what has no number.
/// </summary>
internal static class SnToValue
{
    private const string OriginalText = "http://hl7.org/fhir/StructureDefinition/originalText";

    public static void Put(Hl7Element value, Hl7Element unit, MessageScope scope, JsonObject target)
    {
        var comparator = FhirText.String(value[1]);
        var separator = FhirText.String(value[3]);
        var first = Number(value[2]);
        var second = Number(value[4]);
        var isComparable = comparator is null or "=" or "<" or "<=" or ">" or ">=";
        JsonObject? made = null;
        switch (separator)
        {
            case ":" or "/" when isComparable && first is not null && second is not null:
                var numerator = Quantity(first.Value, unit, scope);
                numerator.Put("comparator", comparator is "=" ? null : comparator);
                target["valueRatio"] = made = new JsonObject { ["numerator"] = numerator, ["denominator"] = Quantity(second.Value, unit, scope) };
                break;
            case "-" when comparator is null or "=" && first is not null && second is not null:
                target["valueRange"] = made = new JsonObject { ["low"] = Quantity(first.Value, unit, scope), ["high"] = Quantity(second.Value, unit, scope) };
                break;
            case null when isComparable && first is not null:
                target["valueQuantity"] = made = Quantity(first.Value, unit, scope);
                made.Put("comparator", comparator is "=" ? null : comparator);
                return;
        }

        var text = string.Join(' ', new[] { comparator, FhirText.String(value[2]), separator, FhirText.String(value[4]) }.Where(static p => p is not null));
        if (text.Length == 0)
        {
            return;
        }

        if (made is not null)
        {
            made.Extend(OriginalText, "valueString", text);
            return;
        }

        var unitText = unit.Raw.Length == 0 ? null : CweToString.Text(unit);
        target["valueString"] = unitText is null ? text : $"{text} {unitText}";
    }

    private static decimal? Number(Hl7Element value) => FhirText.String(value) is { } text && Nm.TryRead(text, out var number) ? number : null;

    private static JsonObject Quantity(decimal number, Hl7Element unit, MessageScope scope)
    {
        var quantity = new JsonObject { ["value"] = number };
        CqToQuantity.Unit(quantity, unit, scope);
        return quantity;
    }
}
