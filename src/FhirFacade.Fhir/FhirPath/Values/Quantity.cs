using System.Buffers;
using System.Globalization;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>FHIRPath's Quantity: a number with a UCUM unit or a calendar word.</summary>
public sealed class Quantity(decimal value, string unit, bool isCalendar = false)
{
    private static readonly SearchValues<char> numberCharacters = SearchValues.Create("+-.0123456789");

    /// <summary>The number, with the digits it was written with.</summary>
    public decimal Value { get; } = value;

    /// <summary>A UCUM code, or the singular of a calendar word; <c>1</c> for no unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>Whether the unit was written as a word (<c>4 days</c>).</summary>
    public bool IsCalendar { get; } = isCalendar;

    internal Quantity With(decimal other) => new(other, Unit, IsCalendar);

    /// <summary>Reads <c>4.5 'mg'</c>, <c>4 days</c> or <c>4</c>; null for anything else.</summary>
    public static Quantity? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.AsSpan().Trim();
        var length = trimmed.IndexOfAnyExcept(numberCharacters);
        var number = length < 0 ? trimmed : trimmed[..length];
        if (!Numbers.TryParse(number, out var value))
        {
            return null;
        }

        var unit = trimmed[number.Length..].TrimStart();
        return unit.IsEmpty ? new Quantity(value, "1")
            : unit.Length > 2 && unit[0] == '\'' && unit[^1] == '\'' ? new Quantity(value, unit[1..^1].ToString())
            : CalendarUnits.Find(unit.ToString()) is { } word ? new Quantity(value, word, isCalendar: true)
            : null;
    }

    /// <summary>Below 0, 0 or above 0; null where the units measure different things.</summary>
    internal int? Compare(Quantity other) =>
        TryAlign(other, out var left, out var right) ? left.CompareTo(right) : null;

    /// <summary>Equal at the precision of the less precise value.</summary>
    internal bool IsEquivalentTo(Quantity other)
    {
        if (UnitsWithWordsAsUcum() is var unit && other.UnitsWithWordsAsUcum() is var otherUnit && unit == otherUnit)
        {
            return Numbers.AreEquivalent(Value, other.Value);
        }

        if (!Units.TryCanonical(unit, out var canonical) || !Units.TryCanonical(otherUnit, out var otherCanonical)
            || canonical.Dimension != otherCanonical.Dimension)
        {
            return false;
        }

        var inCoarser = canonical.Factor >= otherCanonical.Factor;
        return inCoarser
            ? Numbers.AreEquivalent(Value, other.Value * otherCanonical.Factor / canonical.Factor)
            : Numbers.AreEquivalent(Value * canonical.Factor / otherCanonical.Factor, other.Value);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var number = Value.ToString(CultureInfo.InvariantCulture);
        return IsCalendar ? $"{number} {Unit}{(Math.Abs(Value) == 1 ? "" : "s")}" : $"{number} '{Unit}'";
    }

    /// <summary>Both values in one unit; false where there is none.</summary>
    internal bool TryAlign(Quantity other, out decimal left, out decimal right)
    {
        (left, right) = (Value, other.Value);
        if (Unit == other.Unit)
        {
            return true;
        }

        if (Months(this) is { } months && Months(other) is { } otherMonths)
        {
            (left, right) = (months, otherMonths);
            return true;
        }

        if (!Units.TryCanonical(UcumUnit, out var canonical) || !Units.TryCanonical(other.UcumUnit, out var otherCanonical)
            || canonical.Dimension != otherCanonical.Dimension)
        {
            return false;
        }

        return Numbers.TryMultiply(Value, canonical.Factor, out left) && Numbers.TryMultiply(other.Value, otherCanonical.Factor, out right);
    }

    /// <summary>The unit as UCUM; a calendar month or year has no UCUM unit and is given back as it is.</summary>
    internal string UcumUnit => IsCalendar ? CalendarUnits.ToUcum(Unit) ?? "calendar-" + Unit : Unit;

    private static decimal? Months(Quantity quantity) => !quantity.IsCalendar ? null
        : quantity.Unit == "year" ? quantity.Value * 12
        : quantity.Unit == "month" ? quantity.Value
        : null;

    private string UnitsWithWordsAsUcum() => IsCalendar
        ? CalendarUnits.ToUcum(Unit) ?? (Unit == "year" ? "a" : "mo")
        : Unit;
}
