using System.Buffers;
using System.Globalization;
using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>FHIRPath's Quantity: a number with a UCUM unit or a calendar word.</summary>
public sealed class Quantity(decimal value, string unit, bool isCalendar = false)
{
    // Expressions and data may come from outside and compare a million times: the work that one unit makes is bounded.
    private const int MaxUcumLength = 64;
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
        Unit == other.Unit ? Value.CompareTo(other.Value)
        : Months is { } months && other.Months is { } otherMonths ? months.CompareTo(otherMonths)
        : UcumUnit is { } unit && other.UcumUnit is { } otherUnit && UcumUnits.TryCompare(Value, unit, other.Value, otherUnit, out var order) ? order
        : null;

    /// <summary>Equal at the precision of the less precise value, in the coarser of both units. A calendar month or year is here UCUM's.</summary>
    internal bool IsEquivalentTo(Quantity other)
    {
        var (unit, otherUnit) = (UcumUnit ?? AverageUnit, other.UcumUnit ?? other.AverageUnit);
        if (Unit == other.Unit || (unit is not null && unit == otherUnit))
        {
            return Numbers.AreEquivalent(Value, other.Value);
        }

        if (unit is null || otherUnit is null || !UcumUnits.TryCompare(1, unit, 1, otherUnit, out var order))
        {
            return false;
        }

        return order >= 0
            ? UcumUnits.TryConvert(other.Value, otherUnit, unit, out var converted) && Numbers.AreEquivalent(Value, converted)
            : UcumUnits.TryConvert(Value, unit, otherUnit, out converted) && Numbers.AreEquivalent(converted, other.Value);
    }

    /// <summary>The same amount in a unit, which is a UCUM code or a calendar word; null where it measures something else, or has no place in a decimal.</summary>
    internal Quantity? ConvertTo(string unit)
    {
        var target = CalendarUnits.Find(unit) is { } word ? new Quantity(0, word, isCalendar: true) : new Quantity(0, unit);
        return Unit == target.Unit ? target.With(Value)
            : Months is { } months && target.Months is not null ? target.With(target.Unit == "year" ? months / 12 : months)
            : UcumUnit is { } from && target.UcumUnit is { } to && UcumUnits.TryConvert(Value, from, to, out var converted) ? target.With(converted)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var number = Value.ToString(CultureInfo.InvariantCulture);
        return IsCalendar ? $"{number} {Unit}{(Math.Abs(Value) == 1 ? "" : "s")}" : $"{number} '{Unit}'";
    }

    /// <summary>
    /// The unit as UCUM; null for a calendar month or year, which UCUM has only as averages, and for a unit of more than 64 characters,
    /// which fits only itself.
    /// </summary>
    internal string? UcumUnit => IsCalendar ? CalendarUnits.ToUcum(Unit) : Unit.Length <= MaxUcumLength ? Unit : null;

    private decimal? Months => !IsCalendar ? null
        : Unit == "year" ? (Math.Abs(Value) < decimal.MaxValue / 12 ? Value * 12 : null)
        : Unit == "month" ? Value
        : null;

    private string? AverageUnit => !IsCalendar ? null : Unit == "year" ? "a" : "mo";
}
