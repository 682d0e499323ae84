using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>Reading of JSON whose shape nobody has checked: what is not there or of another kind is not there.</summary>
internal static class JsonText
{
    public static bool TryText(this JsonElement json, ReadOnlySpan<byte> property, [NotNullWhen(true)] out string? text)
    {
        text = json.Text(property);
        return text is not null;
    }

    /// <summary>The property's text; null where it has none or an empty one.</summary>
    public static string? Text(this JsonElement json, ReadOnlySpan<byte> property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) ? value.NonEmptyText() : null;

    /// <summary>The element's own text; null where it is none or empty.</summary>
    public static string? NonEmptyText(this JsonElement json) =>
        json.TryGetText() is { Length: > 0 } text ? text : null;

    public static JsonElement Property(this JsonElement json, ReadOnlySpan<byte> property) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(property, out var value) ? value : default;

    /// <summary>The items of an array; none for anything else.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement json, ReadOnlySpan<byte> property)
    {
        var value = json.Property(property);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
    }
}
