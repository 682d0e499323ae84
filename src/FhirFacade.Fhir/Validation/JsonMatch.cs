using System.Text.Json;

namespace FhirFacade.Fhir.Validation;

/// <summary>fixed[x] and pattern[x]: https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_</summary>
internal static class JsonMatch
{
    /// <summary>Whether a value is the fixed one, part for part; numbers by their value, order of properties does not matter.</summary>
    public static bool IsFixed(JsonElement value, JsonElement expected) =>
        value.ValueKind != JsonValueKind.Undefined && (JsonElement.DeepEquals(value, expected) || HasSameNumber(value, expected));

    /// <summary>Whether a value has all that the pattern has: each property, and of arrays each item somewhere.</summary>
    public static bool HasPattern(JsonElement value, JsonElement pattern)
    {
        switch (pattern.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in pattern.EnumerateObject())
                {
                    if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(property.Name, out var own) || !HasPattern(own, property.Value))
                    {
                        return false;
                    }
                }

                return true;
            case JsonValueKind.Array:
                return value.ValueKind == JsonValueKind.Array && pattern.EnumerateArray().All(item => value.EnumerateArray().Any(own => HasPattern(own, item)));
            default:
                return IsFixed(value, pattern);
        }
    }

    private static bool HasSameNumber(JsonElement value, JsonElement expected) =>
        value.ValueKind == JsonValueKind.Number && expected.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var one) && expected.TryGetDecimal(out var other) && one == other;
}
