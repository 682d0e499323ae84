using System.Globalization;
using System.Text;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Numbers and quantities of a search: https://hl7.org/fhir/R4/search.html#number</summary>
internal static class NumberValueParser
{
    /// <summary>The value, or null if it is no number: <c>5.4</c> stands for 5.35 to 5.45, <c>gt5.4</c> for 5.4 itself.</summary>
    public static SearchValue.Number? Parse(string text) =>
        TryParse(text, out var comparator, out var low, out var high) ? new SearchValue.Number(comparator, (double)low, (double)high) : null;

    /// <summary><c>number</c> or <c>number|system|code</c>, where system and code may be empty; null if it is neither.</summary>
    public static SearchValue.Quantity? ParseQuantity(string text)
    {
        var parts = EscapedText.Split(text, '|');
        if (parts.Length is not (1 or 3) || !TryParse(parts[0], out var comparator, out var low, out var high))
        {
            return null;
        }

        var system = parts.Length == 1 || parts[1].Length == 0 ? null : EscapedText.Unescape(parts[1]);
        var code = parts.Length == 1 || parts[2].Length == 0 ? null : EscapedText.Unescape(parts[2]);
        return system is not null && code is null
            ? null
            : new SearchValue.Quantity(new SearchValue.Number(comparator, (double)low, (double)high), system, code, Base(comparator, low, high, system, code));
    }

    private static bool TryParse(string text, out Comparator comparator, out decimal low, out decimal high)
    {
        (comparator, var rest) = Prefixes.Split(text);
        if (!NumberRange.TryParse(Encoding.UTF8.GetBytes(rest), out low, out high)
            || !decimal.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        if (comparator == Comparator.Approximately)
        {
            // A tenth to either side, but no narrower than the number as it is written.
            var tenth = Math.Min(Math.Abs(value) / 10, Math.Min(decimal.MaxValue - Math.Abs(value), decimal.MaxValue));
            (low, high) = (Math.Min(low, value - tenth), Math.Max(high, value + tenth));
        }
        else if (comparator is not (Comparator.Equal or Comparator.NotEqual))
        {
            (low, high) = (value, value);
        }

        return true;
    }

    private static BaseQuantity? Base(Comparator comparator, decimal low, decimal high, string? system, string? code) =>
        system == BaseUnits.Ucum && code is not null && BaseUnits.OfSearch(low, high, code) is { } range
            ? new BaseQuantity(new SearchValue.Number(comparator, (double)range.Low, (double)range.High), range.Unit)
            : null;
}
