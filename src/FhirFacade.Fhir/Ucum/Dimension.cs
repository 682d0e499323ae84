using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FhirFacade.Fhir.Ucum;

/// <summary>What is measured: base units and arbitrary units with their exponents, none of which is zero.</summary>
internal sealed class Dimension
{
    private readonly ImmutableSortedDictionary<string, int> _exponents;

    private Dimension(ImmutableSortedDictionary<string, int> exponents) => (_exponents, Text) = (exponents, Write(exponents));

    /// <summary>That of a plain number.</summary>
    public static Dimension None { get; } = new(ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>As a unit, parts in ordinal order: <c>g.m-1.s-2</c>; <c>1</c> for a plain number.</summary>
    public string Text { get; }

    public bool IsNone => _exponents.IsEmpty;

    /// <summary>That of one base unit.</summary>
    public static Dimension Of(string baseUnit) => new(None._exponents.Add(baseUnit, 1));

    /// <summary>This multiplied by a power of another.</summary>
    public Dimension Times(Dimension other, int power)
    {
        if (other.IsNone)
        {
            return this;
        }

        var exponents = _exponents.ToBuilder();
        foreach (var (unit, exponent) in other._exponents)
        {
            var sum = exponents.GetValueOrDefault(unit) + (exponent * power);
            if (sum == 0)
            {
                exponents.Remove(unit);
            }
            else
            {
                exponents[unit] = sum;
            }
        }

        return new(exponents.ToImmutable());
    }

    private static string Write(ImmutableSortedDictionary<string, int> exponents)
    {
        var text = new StringBuilder();
        foreach (var (unit, exponent) in exponents)
        {
            text.Append(text.Length == 0 ? "" : ".").Append(unit);
            if (exponent != 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"{exponent}");
            }
        }

        return text.Length == 0 ? "1" : text.ToString();
    }
}
