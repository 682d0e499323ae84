using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Order of values: https://hl7.org/fhirpath/N1/#comparison</summary>
internal static class Comparison
{
    /// <summary>Below 0, 0 or above 0; null where a side is empty or precision leaves it open.</summary>
    public static int? Compare(in Collection left, in Collection right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return null;
        }

        if (left.Count > 1 || right.Count > 1)
        {
            throw Singletons.Several();
        }

        return Compare(left[0], right[0]);
    }

    public static int? Compare(in Item left, in Item right)
    {
        if (left.Kind == SystemKind.None || right.Kind == SystemKind.None)
        {
            throw Unordered();
        }

        return (left.ToSystem(), right.ToSystem()) switch
        {
            (null, _) or (_, null) => null,
            (string one, string other) => string.CompareOrdinal(one, other),
            (PartialDateTime one, PartialDateTime other) => (one.Kind == TemporalKind.Time) == (other.Kind == TemporalKind.Time)
                ? one.Compare(other)
                : throw Unordered(),
            (Quantity one, Quantity other) => one.Compare(other),
            (Quantity one, { } other) when Equality.ToDecimal(other) is { } number => one.Compare(new Quantity(number, "1")),
            ({ } one, Quantity other) when Equality.ToDecimal(one) is { } number => new Quantity(number, "1").Compare(other),
            ({ } one, { } other) => Equality.ToDecimal(one) is { } number && Equality.ToDecimal(other) is { } otherNumber
                ? number.CompareTo(otherNumber)
                : throw Unordered(),
        };
    }

    private static FhirPathEvaluationException Unordered() => new("Values of these types have no order.");
}
