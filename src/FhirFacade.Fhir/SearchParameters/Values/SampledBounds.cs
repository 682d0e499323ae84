using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Values;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>
/// The least and the greatest value of sampled data, which is what a search for a quantity looks at
/// (https://hl7.org/fhir/R4/datatypes.html#SampledData): each number times the factor, plus the origin. <c>L</c> and <c>U</c> lie beyond the
/// limits, <c>E</c> is no value; without data the limits are the bounds.
/// </summary>
internal static class SampledBounds
{
    public static bool TryRead(JsonElement sampled, out decimal low, out decimal high)
    {
        (low, high) = (decimal.MaxValue, decimal.MinValue);
        var lower = Number(sampled.Property("lowerLimit"u8));
        var upper = Number(sampled.Property("upperLimit"u8));
        if (Number(sampled.Property("origin"u8).Property("value"u8)) is not { } origin)
        {
            return false;
        }

        if (sampled.Text("data"u8) is not { } data)
        {
            (low, high) = (lower ?? decimal.MinValue, upper ?? decimal.MaxValue);
            return (lower ?? upper) is not null && low <= high;
        }

        var factor = Number(sampled.Property("factor"u8)) ?? 1;
        var text = data.AsSpan();
        foreach (var range in text.Split(' '))
        {
            switch (text[range])
            {
                case "L":
                    low = lower ?? decimal.MinValue;
                    high = Math.Max(high, low);
                    break;
                case "U":
                    high = upper ?? decimal.MaxValue;
                    low = Math.Min(low, high);
                    break;
                case var number when TryValue(number, factor, origin, out var value):
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
                    break;
            }
        }

        return low <= high;
    }

    private static bool TryValue(ReadOnlySpan<char> number, decimal factor, decimal origin, out decimal value)
    {
        if (!decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        try
        {
            value = (value * factor) + origin;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static decimal? Number(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && Numbers.TryParseJson(JsonMarshal.GetRawUtf8Value(number), out var value) ? value : null;
}
