using System.Text;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>Products and quotients of UCUM unit texts, which UCUM reads from left to right.</summary>
internal static class UnitExpression
{
    public static string Multiply(string one, string other) =>
        one == "1" ? other
        : other == "1" ? one
        : other.StartsWith('/') ? one + other
        : $"{one}.{other}";

    public static string Divide(string dividend, string divisor)
    {
        if (divisor == "1")
        {
            return dividend;
        }

        var text = new StringBuilder(dividend);
        if (!divisor.StartsWith('/'))
        {
            text.Append('/');
        }

        // What stands in brackets or braces is one part: its operators stay.
        var depth = 0;
        foreach (var c in divisor)
        {
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            text.Append(depth > 0 ? c : c switch { '.' => '/', '/' => '.', _ => c });
        }

        return text.ToString();
    }
}
