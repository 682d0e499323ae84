using System.Numerics;

namespace FhirFacade.Fhir.Ucum;

/// <summary>Products that need no fractions: almost all that occur in practice.</summary>
internal static class ExactProduct
{
    private const int DecimalBits = 96;
    private const int MaxScale = 28;

    /// <summary>The product without trailing zeros; false where a decimal would have to round it.</summary>
    public static bool TryMultiply(decimal left, decimal right, out decimal product)
    {
        if (Bits(left) + Bits(right) > DecimalBits || left.Scale + right.Scale > MaxScale)
        {
            product = 0;
            return false;
        }

        // Dividing by this one drops zeros at the end.
        product = left * right / 1.0000000000000000000000000000m;
        return true;
    }

    private static int Bits(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        return parts[2] != 0 ? 64 + Bits(parts[2]) : parts[1] != 0 ? 32 + Bits(parts[1]) : Bits(parts[0]);
    }

    private static int Bits(int part) => 32 - BitOperations.LeadingZeroCount((uint)part);
}
