using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;
using FhirFacade.Fhir.SearchParameters.Extraction;

namespace FhirFacade.Fhir.SearchParameters.Values;

/// <summary>Where a Location is: https://hl7.org/fhir/R4/location-definitions.html#Location.position</summary>
internal static class Positions
{
    public static void Add(string parameter, in Item item, IndexValueList values)
    {
        if (item.Type?.Name == "Location.position" && Degrees(item.Json.Property("latitude"u8), 90) is { } latitude
            && Degrees(item.Json.Property("longitude"u8), 180) is { } longitude)
        {
            values.Add(new PositionValue(parameter, latitude, longitude));
        }
    }

    private static decimal? Degrees(JsonElement number, decimal most) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetDecimal(out var degrees) && decimal.Abs(degrees) <= most ? degrees : null;
}
