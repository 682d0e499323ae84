using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#math-1. What has no result in decimals is empty.</summary>
internal static class Mathematics
{
    public static Collection Abs(in Collection input, Node[] arguments, Scope scope) => Singletons.Value(input) switch
    {
        Quantity quantity => Collection.Of(quantity.With(Math.Abs(quantity.Value))),
        int.MinValue => Collection.Empty,
        int number => Collection.Of(Math.Abs(number)),
        _ => Exact(input, Math.Abs),
    };

    public static Collection Ceiling(in Collection input, Node[] arguments, Scope scope) => Whole(input, Math.Ceiling);

    public static Collection Floor(in Collection input, Node[] arguments, Scope scope) => Whole(input, Math.Floor);

    public static Collection Truncate(in Collection input, Node[] arguments, Scope scope) => Whole(input, Math.Truncate);

    public static Collection Exp(in Collection input, Node[] arguments, Scope scope) => Real(Singletons.Number(input), Math.Exp);

    public static Collection Ln(in Collection input, Node[] arguments, Scope scope) => Real(Singletons.Number(input), Math.Log);

    public static Collection Sqrt(in Collection input, Node[] arguments, Scope scope) => Real(Singletons.Number(input), Math.Sqrt);

    public static Collection Log(in Collection input, Node[] arguments, Scope scope)
    {
        var @base = Singletons.Number(arguments[0].Evaluate(scope));
        return @base is null ? Collection.Empty : Real(Singletons.Number(input), number => Math.Log(number, (double)@base.Value));
    }

    public static Collection Power(in Collection input, Node[] arguments, Scope scope)
    {
        if (Singletons.Number(input) is not { } number || Singletons.Number(arguments[0].Evaluate(scope)) is not { } exponent)
        {
            return Collection.Empty;
        }

        var isInteger = input[0].Kind == SystemKind.Integer && exponent >= 0 && exponent == decimal.Truncate(exponent);
        var power = Real(number, value => Math.Pow(value, (double)exponent));
        return isInteger && power.Count == 1 && power[0].Computed is decimal result ? Collection.Of(Arithmetic.Whole(result)) : power;
    }

    public static Collection Round(in Collection input, Node[] arguments, Scope scope)
    {
        var digits = arguments.Length == 0 ? 0 : Singletons.Integer(arguments[0].Evaluate(scope)) ?? 0;
        return digits < 0
            ? throw new FhirPathEvaluationException("The digits to round to cannot be negative.")
            : Exact(input, number => decimal.Round(number, Math.Min(digits, 28), MidpointRounding.AwayFromZero));
    }

    private static Collection Exact(in Collection input, Func<decimal, decimal> calculation) =>
        Singletons.Number(input) is { } number ? Collection.Of(calculation(number)) : Collection.Empty;

    private static Collection Whole(in Collection input, Func<decimal, decimal> calculation) =>
        Singletons.Number(input) is { } number ? Collection.Of(Arithmetic.Whole(calculation(number))) : Collection.Empty;

    private static Collection Real(decimal? number, Func<double, double> calculation)
    {
        if (number is null)
        {
            return Collection.Empty;
        }

        var result = calculation((double)number.Value);
        return double.IsFinite(result) && Math.Abs(result) < 7.9e28 ? Collection.Of((decimal)result) : Collection.Empty;
    }
}
