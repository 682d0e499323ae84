using System.Collections.Concurrent;

namespace FhirFacade.Fhir.Ucum;

/// <summary>
/// Units of measure by UCUM's case-sensitive codes (https://ucum.org). Computation is exact in fractions and comes back as a decimal
/// of at most 28 digits; the scales that need a logarithm, root or angle keep 15. Where a result has no place in a decimal (more than
/// 28 digits before the point, or only zeros among 28 behind it) there is none. Safe for any number of threads.
/// </summary>
public static class UcumUnits
{
    // Codes come from callers: what is kept is bounded.
    private const int MaxKept = 4096;
    private const int MaxKeptLength = 64;
    private static readonly ConcurrentDictionary<string, UcumParseResult> Kept = new(StringComparer.Ordinal);
    private static int _keptCount;

    /// <summary>Reads a code such as <c>mm[Hg]</c>, <c>10*3/uL</c> or <c>{score}</c>. Never throws on content.</summary>
    public static UcumParseResult Parse(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Kept.TryGetValue(code, out var result))
        {
            return result;
        }

        result = UcumParser.Parse(code);
        if (code.Length <= MaxKeptLength && Volatile.Read(ref _keptCount) < MaxKept && Kept.TryAdd(code, result))
        {
            Interlocked.Increment(ref _keptCount);
        }

        return result;
    }

    /// <summary>Whether a text is a unit.</summary>
    public static bool IsValid(string code) => Parse(code).Unit is not null;

    /// <summary>Whether numbers of both units can be converted into each other. Arbitrary units are comparable with themselves only.</summary>
    public static bool AreComparable(string left, string right) =>
        Parse(left).Unit?.CanonicalUnit is { } unit && unit == Parse(right).Unit?.CanonicalUnit;

    /// <summary>
    /// A quantity in base units: 5 <c>mg</c> is 0.005 <c>g</c>. Quantities that measure the same have the same canonical unit;
    /// what is canonical stays as it is. False where the code is no unit, mixes scales, or the value has no place in a decimal.
    /// </summary>
    public static bool TryCanonicalise(decimal value, string code, out CanonicalQuantity quantity)
    {
        quantity = default;
        if (Parse(code).Unit is not { CanonicalUnit: { } unit, Measure: var measure })
        {
            return false;
        }

        if ((measure.Scale is null && measure.ExactFactor is { } factor && ExactProduct.TryMultiply(value, factor, out var number))
            || (measure.ToCanonical(Rational.From(value)) is { } canonical && canonical.TryToDecimal(out number)))
        {
            quantity = new(number, unit);
            return true;
        }

        return false;
    }

    /// <summary>A number of one unit in another. False where either is no unit, they measure different things, or the result has no place in a decimal.</summary>
    public static bool TryConvert(decimal value, string from, string to, out decimal result)
    {
        result = 0;
        return AreComparable(from, to)
            && Canonical(value, from) is { } canonical
            && Parse(to).Unit!.Measure.FromCanonical(canonical) is { } number
            && number.TryToDecimal(out result);
    }

    /// <summary>Whether one quantity is less (-1), equal (0) or greater (1) than another, exactly; false where they cannot be compared.</summary>
    public static bool TryCompare(decimal left, string leftCode, decimal right, string rightCode, out int order)
    {
        order = 0;
        if (!AreComparable(leftCode, rightCode) || Canonical(left, leftCode) is not { } first || Canonical(right, rightCode) is not { } second)
        {
            return false;
        }

        order = first.CompareTo(second);
        return true;
    }

    private static Rational? Canonical(decimal value, string code) => Parse(code).Unit!.Measure.ToCanonical(Rational.From(value));
}
