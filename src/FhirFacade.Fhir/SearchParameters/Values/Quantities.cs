using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>https://hl7.org/fhir/R4/search.html#quantity and https://hl7.org/fhir/R4/search.html#number</summary>
internal static class Quantities
{
    private const string Currencies = "urn:iso:std:iso:4217";

    public static void AddQuantity(string parameter, in Item item, IndexValueList values)
    {
        var json = item.Json;
        if (item.Kind == SystemKind.Quantity)
        {
            if (TryRange(json, out var low, out var high))
            {
                values.Add(new QuantityValue(parameter, low, high, json.CodedText("system"u8), json.CodedText("code"u8), json.CodedText("unit"u8)));
            }

            return;
        }

        switch (item.Type?.Name)
        {
            case "Money" when TryRange(json, out var low, out var high):
                values.Add(new QuantityValue(parameter, low, high, Currencies, json.Text("currency"u8), null));
                break;
            case "Range":
                AddRange(parameter, json, values);
                break;
            case "SampledData" when SampledBounds.TryRead(json, out var low, out var high):
                var origin = json.Property("origin"u8);
                values.Add(new QuantityValue(parameter, low, high, origin.CodedText("system"u8), origin.CodedText("code"u8), origin.CodedText("unit"u8)));
                break;
        }
    }

    public static void AddNumber(string parameter, in Item item, IndexValueList values)
    {
        switch (item.Kind)
        {
            case SystemKind.Integer when item.ToSystem() is int number:
                values.Add(new NumberValue(parameter, number, number));
                break;
            case SystemKind.Decimal when TryImplicit(item.Json, out var low, out var high):
                values.Add(new NumberValue(parameter, low, high));
                break;
            case SystemKind.None when item.Type?.Name == "Range":
                if (Ends(item.Json, out var least, out var greatest))
                {
                    values.Add(new NumberValue(parameter, least, greatest));
                }

                break;
        }
    }

    private static void AddRange(string parameter, JsonElement range, IndexValueList values)
    {
        if (Ends(range, out var low, out var high))
        {
            var unit = range.Property("low"u8) is { ValueKind: JsonValueKind.Object } end ? end : range.Property("high"u8);
            values.Add(new QuantityValue(parameter, low, high, unit.CodedText("system"u8), unit.CodedText("code"u8), unit.CodedText("unit"u8)));
        }
    }

    private static bool Ends(JsonElement range, out decimal low, out decimal high)
    {
        var hasLow = TryRange(range.Property("low"u8), out low, out _);
        var hasHigh = TryRange(range.Property("high"u8), out _, out high);
        low = hasLow ? low : decimal.MinValue;
        high = hasHigh ? high : decimal.MaxValue;
        return (hasLow || hasHigh) && low <= high;
    }

    private static bool TryRange(JsonElement quantity, out decimal low, out decimal high)
    {
        if (!TryImplicit(quantity.Property("value"u8), out low, out high))
        {
            return false;
        }

        switch (quantity.Text("comparator"u8))
        {
            case "<" or "<=":
                low = decimal.MinValue;
                break;
            case ">" or ">=":
                high = decimal.MaxValue;
                break;
        }

        return true;
    }

    private static bool TryImplicit(JsonElement number, out decimal low, out decimal high)
    {
        (low, high) = (0, 0);
        return number.ValueKind == JsonValueKind.Number && NumberRange.TryParse(JsonMarshal.GetRawUtf8Value(number), out low, out high);
    }
}
