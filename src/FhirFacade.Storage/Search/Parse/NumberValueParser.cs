using System.Globalization;
using System.Text;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Numbers and quantities of a search: https://hl7.org/fhir/R4/search.html#number</summary>
internal static class NumberValueParser
{
    /// <summary>The value, or null if it is no number: <c>5.4</c> stands for 5.35 to 5.45, <c>gt5.4</c> for 5.4 itself.</summary>
    public static SearchValue.Number? Parse(string text)
    {
        var (comparator, rest) = Prefixes.Split(text);
        if (!NumberRange.TryParse(Encoding.UTF8.GetBytes(rest), out var low, out var high)
            || !decimal.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return comparator switch
        {
            Comparator.Equal or Comparator.NotEqual => new SearchValue.Number(comparator, (double)low, (double)high),
            Comparator.Approximately => Approximately(value, low, high),
            _ => new SearchValue.Number(comparator, (double)value, (double)value),
        };
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

    // A tenth to either side, but no narrower than the number as it is written.
    private static SearchValue.Number Approximately(decimal value, decimal low, decimal high)
    {
        var tenth = Math.Abs((double)value) / 10;
        return new SearchValue.Number(
            Comparator.Approximately, Math.Min((double)low, (double)value - tenth), Math.Max((double)high, (double)value + tenth));
    }
}
