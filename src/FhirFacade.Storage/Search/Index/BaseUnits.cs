using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Storage.Search.Index;

/// <summary>Quantities of UCUM in base units, so that 1 g is 1000 mg (https://hl7.org/fhir/R4/search.html#quantity).</summary>
public static class BaseUnits
{
    /// <summary>The system of UCUM's codes.</summary>
    public const string Ucum = "http://unitsofmeasure.org";

    /// <summary>The row of the quantity in base units, without its parameter; null where the unit is not UCUM's.</summary>
    public static IndexRange? RangeOf(QuantityValue quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        if (quantity is not { System: Ucum, Code: { } code })
        {
            return null;
        }

        var (low, high) = KeptNumber.Exactly(quantity.Low, quantity.High);
        return TryConvert(low, high, code, out var least, out var greatest, out var unit)
            ? new IndexRange(0, least, greatest, Terms.Unit(Ucum, unit))
            : null;
    }

    /// <summary>Both ends in base units; false where the code is no unit, or the result has no place in a decimal. Open ends stay open.</summary>
    public static bool TryConvert(decimal low, decimal high, string code, out double least, out double greatest, out string unit)
    {
        (least, greatest, unit) = ((double)low, (double)high, "");
        var hasLow = low != decimal.MinValue;
        var hasHigh = high != decimal.MaxValue;
        CanonicalQuantity first = default;
        CanonicalQuantity last = default;
        if ((hasLow && !UcumUnits.TryCanonicalise(low, code, out first)) || (hasHigh && !UcumUnits.TryCanonicalise(high, code, out last)) || !(hasLow || hasHigh))
        {
            return false;
        }

        least = hasLow ? (double)first.Value : least;
        greatest = hasHigh ? (double)last.Value : greatest;
        unit = hasLow ? first.Unit : last.Unit;

        // A scale that runs the other way, such as pH, turns the range around.
        (least, greatest) = least <= greatest ? (least, greatest) : (greatest, least);
        return true;
    }
}
