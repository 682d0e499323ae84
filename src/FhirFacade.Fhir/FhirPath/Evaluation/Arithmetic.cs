using FhirFacade.Fhir.FhirPath.Values;
using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Calculation: https://hl7.org/fhirpath/N1/#math. What cannot be represented, or divides by zero, is empty.</summary>
internal static class Arithmetic
{
    public static Collection Add(in Collection left, in Collection right) => Calculate(left, right, static (one, other) => (one, other) switch
    {
        (string text, string more) => TextLimit.Join(text, more),
        (PartialDateTime time, Quantity amount) => Move(time, amount, 1),
        (Quantity amount, Quantity more) => Align(amount, more, static (a, b) => a + b),
        _ => Numeric(one, other, static (a, b) => a + b, static (a, b) => a + b),
    });

    public static Collection Subtract(in Collection left, in Collection right) => Calculate(left, right, static (one, other) => (one, other) switch
    {
        (PartialDateTime time, Quantity amount) => Move(time, amount, -1),
        (Quantity amount, Quantity less) => Align(amount, less, static (a, b) => a - b),
        _ => Numeric(one, other, static (a, b) => a - b, static (a, b) => a - b),
    });

    public static Collection Multiply(in Collection left, in Collection right) => Calculate(left, right, static (one, other) => (one, other) switch
    {
        (Quantity amount, Quantity factor) => MultiplyQuantities(amount, factor),
        (Quantity amount, not Quantity) when Equality.ToDecimal(other) is { } factor => amount.With(amount.Value * factor),
        (not Quantity, Quantity amount) when Equality.ToDecimal(one) is { } factor => amount.With(amount.Value * factor),
        _ => Numeric(one, other, static (a, b) => a * b, static (a, b) => a * b),
    });

    public static Collection Divide(in Collection left, in Collection right) => Calculate(left, right, static (one, other) => (one, other) switch
    {
        (Quantity amount, Quantity divisor) => DivideQuantities(amount, divisor),
        (Quantity amount, not Quantity) when Equality.ToDecimal(other) is { } divisor =>
            Numbers.TryDivide(amount.Value, divisor, out var quotient) ? amount.With(quotient) : null,
        _ => Numeric(one, other, null, static (a, b) => Numbers.TryDivide(a, b, out var quotient) ? quotient : null),
    });

    public static Collection Div(in Collection left, in Collection right) => Calculate(left, right, static (one, other) =>
        Numeric(one, other, static (a, b) => b == 0 ? null : a / b, static (a, b) => b == 0 ? null : Whole(decimal.Truncate(a / b))));

    public static Collection Mod(in Collection left, in Collection right) => Calculate(left, right, static (one, other) =>
        Numeric(one, other, static (a, b) => b == 0 ? null : a % b, static (a, b) => b == 0 ? null : a % b));

    /// <summary><c>&amp;</c>: an empty side counts as the empty string.</summary>
    public static Collection Concatenate(in Collection left, in Collection right) =>
        new(new Item(TextLimit.Join(Singletons.String(left) ?? "", Singletons.String(right) ?? "")));

    public static Collection Negate(in Collection operand) => operand.IsEmpty ? operand : Singletons.Value(operand) switch
    {
        null => Collection.Empty,
        int.MinValue => Collection.Empty,
        int number => Collection.Of(-number),
        long number => Collection.Of(-number),
        decimal number => Collection.Of(-number),
        Quantity quantity => Collection.Of(quantity.With(-quantity.Value)),
        _ => throw new FhirPathEvaluationException("Only numbers and quantities have a sign."),
    };

    /// <summary>An integer where it fits one.</summary>
    public static object Whole(decimal value) => value is >= int.MinValue and <= int.MaxValue ? (int)value : value;

    private static Collection Calculate(in Collection left, in Collection right, Func<object, object, object?> calculation)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return Collection.Empty;
        }

        if (Singletons.Value(left) is not { } one || Singletons.Value(right) is not { } other)
        {
            return left[0].Kind == SystemKind.None || right[0].Kind == SystemKind.None ? throw Mismatch() : Collection.Empty;
        }

        try
        {
            return Collection.Of(calculation(one, other));
        }
        catch (OverflowException)
        {
            return Collection.Empty;
        }
    }

    private static object? Numeric(object one, object other, Func<long, long, long?>? whole, Func<decimal, decimal, object?> exact)
    {
        if (whole is not null && one is int left && other is int right)
        {
            return whole(left, right) is { } result && result is >= int.MinValue and <= int.MaxValue ? (int)result : null;
        }

        return Equality.ToDecimal(one) is { } number && Equality.ToDecimal(other) is { } otherNumber
            ? exact(number, otherNumber)
            : throw Mismatch();
    }

    private static PartialDateTime? Move(PartialDateTime time, Quantity amount, int direction)
    {
        var unit = CalendarUnits.ForArithmetic(amount.Unit)
            ?? throw new FhirPathEvaluationException("Dates move by units of time of definite length, or by calendar words.");
        var value = amount.IsCalendar ? amount.Value : decimal.Truncate(amount.Value);
        return time.Add(direction * value, unit);
    }

    private static Quantity? Align(Quantity one, Quantity other, Func<decimal, decimal, decimal> calculation) =>
        one.Unit == other.Unit ? one.With(calculation(one.Value, other.Value))
        : one.UcumUnit is { } unit && other.UcumUnit is { } otherUnit && IsRatio(unit) && IsRatio(otherUnit)
            && UcumUnits.TryConvert(other.Value, otherUnit, unit, out var converted) ? one.With(calculation(one.Value, converted))
        : null;

    private static Quantity? MultiplyQuantities(Quantity amount, Quantity factor) =>
        factor.Unit == "1" ? amount.With(amount.Value * factor.Value)
        : amount.Unit == "1" ? factor.With(amount.Value * factor.Value)
        : amount.UcumUnit is { } unit && factor.UcumUnit is { } otherUnit
            && UnitExpression.Multiply(unit, otherUnit) is var product && IsRatio(product) ? new Quantity(amount.Value * factor.Value, product)
        : null;

    private static Quantity? DivideQuantities(Quantity amount, Quantity divisor)
    {
        if (divisor.Unit == "1" || amount.UcumUnit is not { } unit || divisor.UcumUnit is not { } otherUnit)
        {
            return divisor.Unit == "1" && Numbers.TryDivide(amount.Value, divisor.Value, out var part) ? amount.With(part) : null;
        }

        if (!IsRatio(unit) || !IsRatio(otherUnit))
        {
            return null;
        }

        if (UcumUnits.AreComparable(unit, otherUnit))
        {
            return UcumUnits.TryConvert(amount.Value, unit, otherUnit, out var same) && Numbers.TryDivide(same, divisor.Value, out var ratio)
                ? new Quantity(ratio, "1")
                : null;
        }

        return UnitExpression.Divide(unit, otherUnit) is var combined && IsRatio(combined) && Numbers.TryDivide(amount.Value, divisor.Value, out var quotient)
            ? new Quantity(quotient, combined)
            : null;
    }

    /// <summary>Whether it is a unit of UCUM of which twice the number is twice as much: not so degrees of temperature, pH or decibels.</summary>
    private static bool IsRatio(string unit) => UcumUnits.Parse(unit).Unit is { IsSpecial: false };

    private static FhirPathEvaluationException Mismatch() => new("The operator is not defined for these types.");
}
