using System.Buffers.Text;
using System.Globalization;

namespace FhirFacade.Fhir.FhirPath.Values;

/// <summary>Decimals as FHIRPath and FHIR search read them; what does not fit a decimal is no number.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && text[^1] != '.';

    /// <summary>Reads a JSON number; the digits after the point are kept, also zeros.</summary>
    public static bool TryParseJson(ReadOnlySpan<byte> utf8, out decimal value) =>
        utf8.IndexOfAny((byte)'e', (byte)'E') < 0
            ? Utf8Parser.TryParse(utf8, out value, out var used) && used == utf8.Length
            : decimal.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>The digits written after the point.</summary>
    public static int Scale(decimal value) => value.Scale;

    /// <summary>Equal when rounded to the scale of the less precise of both.</summary>
    public static bool AreEquivalent(decimal one, decimal other)
    {
        var scale = Math.Min(SignificantScale(one), SignificantScale(other));
        return decimal.Round(one, scale, MidpointRounding.AwayFromZero) == decimal.Round(other, scale, MidpointRounding.AwayFromZero);
    }

    public static bool TryDivide(decimal one, decimal other, out decimal quotient)
    {
        quotient = default;
        if (other == 0)
        {
            return false;
        }

        try
        {
            quotient = one / other;
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static int SignificantScale(decimal value)
    {
        var scale = (int)value.Scale;
        while (scale > 0 && decimal.Round(value, scale - 1) == value)
        {
            scale--;
        }

        return scale;
    }
}
