namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>Products and quotients of UCUM unit texts, without parentheses.</summary>
internal static class UnitExpression
{
    public static string Multiply(string one, string other) => one == "1" ? other : other == "1" ? one : $"{one}.{other}";

    public static string Divide(string dividend, string divisor)
    {
        if (divisor == "1")
        {
            return dividend;
        }

        var swapped = new char[divisor.Length];
        for (var i = 0; i < divisor.Length; i++)
        {
            swapped[i] = divisor[i] switch { '.' => '/', '/' => '.', var c => c };
        }

        return $"{dividend}/{new string(swapped)}";
    }
}
