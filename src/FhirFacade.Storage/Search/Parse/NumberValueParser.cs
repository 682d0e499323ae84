using System.Globalization;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Numbers and quantities of a search: https://hl7.org/fhir/R4/search.html#number</summary>
internal static class NumberValueParser
{
    /// <summary>The value, or null if it is no number: <c>5.4</c> stands for 5.35 to 5.45, <c>gt5.4</c> for 5.4 itself.</summary>
    public static SearchValue.Number? Parse(string text)
    {
        var (comparator, rest) = Prefixes.Split(text);
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (rest.Length is 0 or > 40 || !decimal.TryParse(rest, style, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var slack = comparator switch
        {
            Comparator.Equal or Comparator.NotEqual => HalfStep(rest),
            Comparator.Approximately => Math.Max(Math.Abs((double)value) / 10, HalfStep(rest)),
            _ => 0,
        };

        // Decimal where it is exact, so that 5.35 is the same number here and in the index.
        return slack is > 0 and < 1e20 && comparator != Comparator.Approximately && Math.Abs(value) < 1e20m
            ? new SearchValue.Number(comparator, (double)(value - (decimal)slack), (double)(value + (decimal)slack))
            : new SearchValue.Number(comparator, (double)value - slack, (double)value + slack);
    }

    /// <summary><c>number</c> or <c>number|system|code</c>, where system and code may be empty; null if it is neither.</summary>
    public static SearchValue.Quantity? ParseQuantity(string text)
    {
        var parts = EscapedText.Split(text, '|');
        if (parts.Length is not (1 or 3) || Parse(parts[0]) is not { } number)
        {
            return null;
        }

        var system = parts.Length == 1 || parts[1].Length == 0 ? null : EscapedText.Unescape(parts[1]);
        var code = parts.Length == 1 || parts[2].Length == 0 ? null : EscapedText.Unescape(parts[2]);
        return system is not null && code is null ? null : new SearchValue.Quantity(number, system, code);
    }

    // Half of the last digit that is written: 0.05 for 5.4, 0.5 for 100, 50 for 1e2.
    private static double HalfStep(string digits)
    {
        var exponent = digits.IndexOfAny(['e', 'E']);
        var mantissa = exponent < 0 ? digits : digits[..exponent];
        var power = exponent < 0 ? 0 : int.Parse(digits.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return 0.5 * Math.Pow(10, power - decimals);
    }
}
