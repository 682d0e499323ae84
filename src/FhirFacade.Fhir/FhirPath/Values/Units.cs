using System.Collections.Frozen;
using System.Globalization;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>What a unit is in base units: a factor, and the exponents of the base units packed eight bits each.</summary>
internal readonly record struct CanonicalUnit(decimal Factor, long Dimension);

/// <summary>
/// Linear UCUM units of everyday use: prefixes, products, quotients, exponents. Units that need an offset or a logarithm
/// (Cel, [degF], pH) and rare ones are not known here; they compare only with themselves.
/// </summary>
internal static class Units
{
    private static readonly long metre = 1L, second = 1L << 8, gram = 1L << 16, mole = 1L << 24, kelvin = 1L << 32,
        coulomb = 1L << 40, candela = 1L << 48, radian = 1L << 56;

    private static readonly FrozenDictionary<string, CanonicalUnit> atoms = new Dictionary<string, CanonicalUnit>
    {
        ["m"] = new(1, metre), ["s"] = new(1, second), ["g"] = new(1, gram), ["mol"] = new(1, mole), ["K"] = new(1, kelvin),
        ["C"] = new(1, coulomb), ["cd"] = new(1, candela), ["rad"] = new(1, radian), ["%"] = new(0.01m, 0),
        ["L"] = new(0.001m, 3 * metre), ["l"] = new(0.001m, 3 * metre), ["ar"] = new(100, 2 * metre),
        ["min"] = new(60, second), ["h"] = new(3600, second), ["d"] = new(86400, second), ["wk"] = new(604800, second),
        ["mo"] = new(2629800, second), ["a"] = new(31557600, second),
        ["[in_i]"] = new(0.0254m, metre), ["[ft_i]"] = new(0.3048m, metre), ["[yd_i]"] = new(0.9144m, metre), ["[mi_i]"] = new(1609.344m, metre),
        ["[lb_av]"] = new(453.59237m, gram), ["[oz_av]"] = new(28.349523125m, gram), ["t"] = new(1_000_000, gram),
        ["eq"] = new(1, mole), ["osm"] = new(1, mole), ["U"] = new(1e-6m / 60, mole - second), ["kat"] = new(1, mole - second),
        ["Hz"] = new(1, -second), ["Bq"] = new(1, -second), ["N"] = new(1000, gram + metre - (2 * second)),
        ["Pa"] = new(1000, gram - metre - (2 * second)), ["bar"] = new(100_000_000, gram - metre - (2 * second)),
        ["m[Hg]"] = new(133_322_000, gram - metre - (2 * second)), ["m[H2O]"] = new(9_806_650, gram - metre - (2 * second)),
        ["J"] = new(1000, gram + (2 * metre) - (2 * second)), ["cal"] = new(4184, gram + (2 * metre) - (2 * second)),
        ["W"] = new(1000, gram + (2 * metre) - (3 * second)), ["A"] = new(1, coulomb - second),
        ["V"] = new(1000, gram + (2 * metre) - (2 * second) - coulomb), ["Gy"] = new(1, (2 * metre) - (2 * second)),
        ["Sv"] = new(1, (2 * metre) - (2 * second)), ["M"] = new(1000, mole - (3 * metre)),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, decimal> prefixes = new Dictionary<string, decimal>
    {
        ["T"] = 1e12m, ["G"] = 1e9m, ["M"] = 1e6m, ["k"] = 1e3m, ["h"] = 1e2m, ["da"] = 10, ["d"] = 0.1m, ["c"] = 0.01m,
        ["m"] = 1e-3m, ["u"] = 1e-6m, ["n"] = 1e-9m, ["p"] = 1e-12m, ["f"] = 1e-15m,
    }.ToFrozenDictionary();

    /// <summary>The unit in base units; false where it is not known.</summary>
    public static bool TryCanonical(string code, out CanonicalUnit unit)
    {
        unit = new CanonicalUnit(1, 0);
        if (code == "1")
        {
            return true;
        }

        if (code.Length is 0 or > 50)
        {
            return false;
        }

        try
        {
            var divide = false;
            var start = 0;
            for (var i = 0; i <= code.Length; i++)
            {
                if (i < code.Length && code[i] is not ('.' or '/'))
                {
                    continue;
                }

                if (i > start && !TryTerm(code[start..i], divide, ref unit))
                {
                    return false;
                }

                divide = i < code.Length && code[i] == '/';
                start = i + 1;
            }

            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool TryTerm(string term, bool divide, ref CanonicalUnit unit)
    {
        var annotation = term.IndexOf('{', StringComparison.Ordinal);
        if (annotation >= 0 && term.EndsWith('}'))
        {
            term = term[..annotation];
        }

        if (term.Length == 0 || term == "1")
        {
            return true;
        }

        if (term.StartsWith("10*", StringComparison.Ordinal) || term.StartsWith("10^", StringComparison.Ordinal))
        {
            return int.TryParse(term.AsSpan(3), CultureInfo.InvariantCulture, out var power) && Multiply(ref unit, new CanonicalUnit(10, 0), divide ? -power : power);
        }

        var symbolEnd = term.Length;
        while (symbolEnd > 0 && (char.IsAsciiDigit(term[symbolEnd - 1]) || term[symbolEnd - 1] is '-' or '+'))
        {
            symbolEnd--;
        }

        var exponent = 1;
        if (symbolEnd == 0 || (symbolEnd < term.Length && !int.TryParse(term.AsSpan(symbolEnd), CultureInfo.InvariantCulture, out exponent)))
        {
            return false;
        }

        return TryAtom(term[..symbolEnd], out var atom) && Multiply(ref unit, atom, divide ? -exponent : exponent);
    }

    private static bool TryAtom(string symbol, out CanonicalUnit atom)
    {
        if (atoms.TryGetValue(symbol, out atom))
        {
            return true;
        }

        for (var length = 1; length <= 2 && length < symbol.Length; length++)
        {
            if (prefixes.TryGetValue(symbol[..length], out var prefix) && atoms.TryGetValue(symbol[length..], out atom))
            {
                atom = atom with { Factor = atom.Factor * prefix };
                return true;
            }
        }

        return false;
    }

    private static bool Multiply(ref CanonicalUnit unit, CanonicalUnit atom, int exponent)
    {
        if (Math.Abs(exponent) > 24)
        {
            return false;
        }

        var factor = unit.Factor;
        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            factor = exponent > 0 ? factor * atom.Factor : factor / atom.Factor;
        }

        unit = new CanonicalUnit(factor, unit.Dimension + (exponent * atom.Dimension));
        return true;
    }
}
