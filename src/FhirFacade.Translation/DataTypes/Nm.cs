using System.Globalization;

namespace FhirFacade.Translation.DataTypes;

/// <summary>NM: a decimal number with an optional sign, the digits kept as sent (5.40 stays 5.40).</summary>
internal static class Nm
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>False for anything else, exponents and more than 28 digits included: those would not come out as they went in.</summary>
    public static bool TryRead(string text, out decimal number)
    {
        number = 0;
        return text.Count(char.IsAsciiDigit) <= 28 && decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out number);
    }
}
