using System.Globalization;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.FhirPath.Values;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhirpath/N1/#conversion</summary>
internal static class Conversion
{
    public static Collection Iif(in Collection input, Node[] arguments, Scope scope)
    {
        if (input.Count > 1)
        {
            throw Singletons.Several();
        }

        var nested = scope.Nested();
        nested.This = input;
        return Singletons.Criterion(arguments[0].Evaluate(nested)) == true ? arguments[1].Evaluate(nested)
            : arguments.Length > 2 ? arguments[2].Evaluate(nested)
            : Collection.Empty;
    }

    /// <summary>The test whether a conversion gives a value; empty for no input.</summary>
    public static FunctionBody Converts(FunctionBody conversion) =>
        (in Collection input, Node[] arguments, Scope scope) =>
            input.IsEmpty ? Collection.Empty : new Collection(!conversion(input, arguments, scope).IsEmpty);

    public static Collection ToBoolean(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        bool value => value,
        string text when IsOneOf(text, "true", "t", "yes", "y", "1", "1.0") => true,
        string text when IsOneOf(text, "false", "f", "no", "n", "0", "0.0") => false,
        { } number when Equality.ToDecimal(number) is 1m => true,
        { } number when Equality.ToDecimal(number) is 0m => false,
        _ => (bool?)null,
    });

    public static Collection ToInteger(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        int number => number,
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        bool value => value ? 1 : 0,
        string text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => (object?)null,
    });

    public static Collection ToLong(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        int number => (long)number,
        long number => number,
        bool value => value ? 1L : 0L,
        string text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => (object?)null,
    });

    public static Collection ToDecimal(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        bool value => value ? 1m : 0m,
        string text => text.Length > 0 && Numbers.TryParse(text, out var number) ? number : null,
        { } number => (object?)Equality.ToDecimal(number),
        _ => null,
    });

    public static Collection ToDate(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        PartialDateTime { Kind: not TemporalKind.Time } time => time.As(TemporalKind.Date),
        string text when PartialDateTime.TryParse(text, out var time) => time.As(TemporalKind.Date),
        _ => (object?)null,
    });

    public static Collection ToDateTime(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        PartialDateTime { Kind: not TemporalKind.Time } time => time.As(TemporalKind.DateTime),
        string text when PartialDateTime.TryParse(text, out var time) => time.As(TemporalKind.DateTime),
        _ => (object?)null,
    });

    public static Collection ToTime(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Singletons.Value(input) switch
    {
        PartialDateTime { Kind: TemporalKind.Time } time => time,
        string text when PartialDateTime.TryParseTime(text.StartsWith('T') ? text.AsSpan(1) : text, out var time) => time,
        _ => (object?)null,
    });

    public static Collection ToQuantity(in Collection input, Node[] arguments, Scope scope)
    {
        var quantity = Singletons.Value(input) switch
        {
            Quantity value => value,
            bool value => new Quantity(value ? 1.0m : 0.0m, "1"),
            string text => Quantity.Parse(text),
            { } number when Equality.ToDecimal(number) is { } value => new Quantity(value, "1"),
            _ => null,
        };
        if (quantity is null || arguments.Length == 0 || Singletons.String(arguments[0].Evaluate(scope)) is not { } unit)
        {
            return Collection.Of(quantity);
        }

        return Collection.Of(quantity.ConvertTo(unit));
    }

    public static Collection ToText(in Collection input, Node[] arguments, Scope scope) => Collection.Of(Text(Singletons.Value(input)));

    /// <summary>A system value in FHIRPath's own writing; null for what has none.</summary>
    public static string? Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable and (int or long or decimal) => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        PartialDateTime or Quantity => value.ToString(),
        _ => null,
    };

    private static bool IsOneOf(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
