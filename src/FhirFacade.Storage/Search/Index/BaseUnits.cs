using FhirFacade.Fhir.SearchParameters;

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
        var (low, high) = KeptNumber.Exactly(quantity.Low, quantity.High);
        return quantity.System == Ucum && CanonicalRange.Of(low, high, Ucum, quantity.Code) is { } range
            ? new IndexRange(0, (double)range.Low, (double)range.High, Terms.Unit(Ucum, range.Unit))
            : null;
    }

    /// <summary>
    /// A searched range in base units; null where the code is no unit, or its scale runs the other way, as that of pH, where gt would
    /// have to become lt.
    /// </summary>
    public static CanonicalRange? OfSearch(decimal low, decimal high, string code) =>
        CanonicalRange.Of(1, 1, Ucum, code) is { } one && CanonicalRange.Of(2, 2, Ucum, code) is { } two && two.Low > one.Low
            ? CanonicalRange.Of(low, high, Ucum, code)
            : null;
}
