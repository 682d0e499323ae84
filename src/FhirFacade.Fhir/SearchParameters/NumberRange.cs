using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>
/// The values that a number as written may stand for: half a unit of its last digit to either side
/// (https://hl7.org/fhir/R4/search.html#number): 100 is 99.5 to 100.5, 1e2 is 50 to 150, 5.40 is 5.395 to 5.405.
/// </summary>
public static class NumberRange
{
    private const int MostPlaces = 27;

    /// <summary>Reads a number as JSON writes it; false where it is none or does not fit a decimal.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out decimal low, out decimal high)
    {
        (low, high) = (0, 0);
        if (!Numbers.TryParseJson(utf8, out var value))
        {
            return false;
        }

        var exponentAt = utf8.IndexOfAny((byte)'e', (byte)'E');
        var half = Half(exponentAt < 0 ? value.Scale : PlacesOfExponent(utf8, exponentAt));
        try
        {
            (low, high) = (value - half, value + half);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static int PlacesOfExponent(ReadOnlySpan<byte> utf8, int exponentAt)
    {
        var point = utf8.IndexOf((byte)'.');
        var digits = point < 0 ? 0 : exponentAt - point - 1;
        return int.TryParse(utf8[(exponentAt + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var exponent)
            ? digits - Math.Clamp(exponent, -MostPlaces, MostPlaces)
            : digits;
    }

    private static decimal Half(int places)
    {
        if (places >= MostPlaces)
        {
            return 0;
        }

        if (places >= 0)
        {
            return new decimal(5, 0, 0, false, (byte)(places + 1));
        }

        var half = 0.5m;
        for (var place = places; place < 0; place++)
        {
            half *= 10;
        }

        return half;
    }
}
