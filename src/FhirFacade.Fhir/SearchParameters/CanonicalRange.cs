using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>A quantity's values in base units, so that 5 mg and 0.005 g are the same.</summary>
/// <param name="Low">The least value meant; <see cref="decimal.MinValue"/> where there is none.</param>
/// <param name="High">The greatest value meant; <see cref="decimal.MaxValue"/> where there is none.</param>
/// <param name="Unit">The canonical unit of UCUM, such as <c>g.m-3</c>, or a code of ISO 4217 for money.</param>
public readonly record struct CanonicalRange(decimal Low, decimal High, string Unit)
{
    private const string Ucum = "http://unitsofmeasure.org";
    private const string Currencies = "urn:iso:std:iso:4217";

    /// <summary>
    /// The range in base units; null where the unit is no code of UCUM or ISO 4217, or a value in base units has no place in a
    /// decimal. Scales that run the other way ([pH]) come back in order.
    /// </summary>
    public static CanonicalRange? Of(decimal low, decimal high, string? system, string? code) => (system, code) switch
    {
        (Currencies, { Length: > 0 }) => new CanonicalRange(low, high, code),
        (Ucum, { Length: > 0 }) => OfUcum(low, high, code),
        _ => null,
    };

    private static CanonicalRange? OfUcum(decimal low, decimal high, string code)
    {
        var (isOpenBelow, isOpenAbove) = (low == decimal.MinValue, high == decimal.MaxValue);
        if (UcumUnits.Parse(code).Unit?.CanonicalUnit is not { } unit)
        {
            return null;
        }

        var (least, greatest) = (low, high);
        if ((!isOpenBelow && !TryValue(low, code, out least)) || (!isOpenAbove && !TryValue(high, code, out greatest)))
        {
            return null;
        }

        // pH falls as what it measures grows.
        return IsDescending(code)
            ? new CanonicalRange(isOpenAbove ? decimal.MinValue : greatest, isOpenBelow ? decimal.MaxValue : least, unit)
            : new CanonicalRange(least, greatest, unit);
    }

    private static bool TryValue(decimal value, string code, out decimal canonical)
    {
        var found = UcumUnits.TryCanonicalise(value, code, out var quantity);
        canonical = quantity.Value;
        return found;
    }

    private static bool IsDescending(string code) =>
        UcumUnits.Parse(code).Unit is { IsSpecial: true } && TryValue(1, code, out var one) && TryValue(2, code, out var two) && two < one;
}
