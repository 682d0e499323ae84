namespace FhirFacade.Fhir.Ucum;

/// <summary>
/// The function of a unit on a scale of its own (UCUM, special units): from the number beside the unit to a multiple of the unit
/// that defines it, and back. Temperatures, squares and whole powers are exact; other logarithms, roots and angles go through
/// a double and keep 15 digits. Null where there is no result.
/// </summary>
internal sealed record SpecialScale(Func<Rational, Rational?> ToRatio, Func<Rational, Rational?> FromRatio)
{
    private const double Degrees = 180 / Math.PI;

    /// <summary>The scale of this name in units.csv.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static SpecialScale Named(string name) => name switch
    {
        "Cel" => Offset("273.15"),
        "degF" => Offset("459.67"),
        "degRe" => Offset("218.52"),
        "ln" => new(x => Rational.From(Math.Exp(x.ToDouble())), x => x.Sign > 0 ? Rational.From(Math.Log(x.ToDouble())) : null),
        "lg" => Power("10", "1"),
        "lgTimes2" => Power("10", "2"),
        "ld" => Power("2", "1"),
        "pH" or "hpX" => Power("10", "-1"),
        "hpC" => Power("100", "-1"),
        "hpM" => Power("1000", "-1"),
        "hpQ" => Power("50000", "-1"),
        "sqrt" => new(x => x * x, x => x.Sign >= 0 ? Rational.From(Math.Sqrt(x.ToDouble())) : null),
        "tanTimes100" or "100tan" => new(
            x => Rational.From(Math.Atan(x.ToDouble() / 100) * Degrees),
            x => Rational.From(Math.Tan(x.ToDouble() / Degrees) * 100)),
        _ => throw new InvalidDataException($"units.csv names a scale {name}, which is not known."),
    };

    private static SpecialScale Offset(string zero)
    {
        var offset = Rational.Parse(zero);
        return new(x => x + offset, x => x - offset);
    }

    /// <summary>The number is <paramref name="times"/> the logarithm of the ratio.</summary>
    private static SpecialScale Power(string radix, string times)
    {
        var (root, factor) = (Rational.Parse(radix), Rational.Parse(times));
        return new(
            x => (x / factor).ToInteger() is { } whole and >= -99 and <= 99
                ? root.Power(whole)
                : Rational.From(Math.Pow(root.ToDouble(), (x / factor).ToDouble())) is { Sign: > 0 } ratio ? ratio : null,
            x => x.Sign > 0 && Rational.From(Math.Log10(x.ToDouble()) / Math.Log10(root.ToDouble())) is { } exponent ? exponent * factor : null);
    }
}
