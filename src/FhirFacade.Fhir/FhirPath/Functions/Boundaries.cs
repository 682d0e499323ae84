using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time and its kin.</summary>
internal static class Boundaries
{
    private const int DefaultDecimalPlaces = 8;
    private const int MostDecimalPlaces = 28;

    public static Collection Low(in Collection input, Node[] arguments, Scope scope) => Boundary(input, arguments, scope, high: false);

    public static Collection High(in Collection input, Node[] arguments, Scope scope) => Boundary(input, arguments, scope, high: true);

    public static Collection Precision(in Collection input, Node[] arguments, Scope scope) => Singletons.Value(input) switch
    {
        PartialDateTime { Kind: TemporalKind.Time } time => Collection.Of((int)time.Precision - (int)TemporalPrecision.Day),
        PartialDateTime time => Collection.Of((int)time.Precision),
        int => Collection.Of(0),
        decimal number => Collection.Of((int)number.Scale),
        null => Collection.Empty,
        _ => throw new FhirPathEvaluationException("Only numbers, dates and times have a precision."),
    };

    public static Collection Comparable(in Collection input, Node[] arguments, Scope scope) =>
        Singletons.Value(input) is Quantity one && Singletons.Value(arguments[0].Evaluate(scope)) is Quantity other
            ? new Collection(one.Compare(other) is not null)
            : Collection.Empty;

    private static Collection Boundary(in Collection input, Node[] arguments, Scope scope, bool high)
    {
        var wanted = arguments.Length > 0 ? Singletons.Integer(arguments[0].Evaluate(scope)) : null;
        return Collection.Of(Singletons.Value(input) switch
        {
            null => null,
            int number => OfDecimal(number, wanted, high),
            long number => OfDecimal(number, wanted, high),
            decimal number => OfDecimal(number, wanted, high),
            Quantity quantity => OfDecimal(quantity.Value, wanted, high) is { } value ? quantity.With(value) : null,
            PartialDateTime time => OfTime(time, wanted, high),
            _ => throw new FhirPathEvaluationException("Only numbers, quantities, dates and times have boundaries."),
        });
    }

    private static decimal? OfDecimal(decimal number, int? wanted, bool high)
    {
        var places = wanted ?? DefaultDecimalPlaces;
        if (places is < 0 or > MostDecimalPlaces || number.Scale >= MostDecimalPlaces)
        {
            return null;
        }

        var half = new decimal(5, 0, 0, false, (byte)(number.Scale + 1));
        var boundary = high ? number + half : number - half;
        boundary = decimal.Round(boundary, places, high ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity);
        return places > boundary.Scale ? decimal.Add(boundary, new decimal(0, 0, 0, false, (byte)places)) : boundary;
    }

    private static PartialDateTime? OfTime(PartialDateTime time, int? wanted, bool high)
    {
        var isTime = time.Kind == TemporalKind.Time;
        var digits = wanted + (isTime ? (int)TemporalPrecision.Day : 0)
            ?? (int)(time.Kind == TemporalKind.Date ? TemporalPrecision.Day : TemporalPrecision.Fraction);
        return Enum.IsDefined((TemporalPrecision)digits) && (!isTime || digits >= (int)TemporalPrecision.Hour)
            ? time.Boundary((TemporalPrecision)digits, high)
            : null;
    }
}
