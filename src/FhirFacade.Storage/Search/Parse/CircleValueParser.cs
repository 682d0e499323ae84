using System.Globalization;
using FhirFacade.Fhir.Ucum;

namespace FhirFacade.Storage.Search.Parse;

/// <summary>Values of <c>near</c>: https://hl7.org/fhir/R4/location.html#positional</summary>
internal static class CircleValueParser
{
    /// <summary>How far "near" is where the client does not say, in kilometres.</summary>
    public const decimal DefaultKilometres = 10;

    // Half way around the globe.
    private const double Farthest = 20_040_000;

    /// <summary><c>latitude|longitude</c>, <c>|distance</c> and <c>|unit</c> (UCUM, kilometres by default); null if it is not.</summary>
    public static SearchValue.Circle? Parse(string text)
    {
        var parts = EscapedText.Split(text, '|');
        if (parts.Length is < 2 or > 4 || Number(parts[0]) is not { } latitude || Number(parts[1]) is not { } longitude
            || Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180)
        {
            return null;
        }

        var distance = parts.Length > 2 && parts[2].Length > 0 ? Number(parts[2]) : DefaultKilometres;
        var unit = parts.Length > 3 && parts[3].Length > 0 ? EscapedText.Unescape(parts[3]) : "km";
        return distance is >= 0 && UcumUnits.TryConvert(distance.Value, unit, "m", out var metres)
            ? new SearchValue.Circle((double)latitude, (double)longitude, Math.Min((double)metres, Farthest))
            : null;
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
