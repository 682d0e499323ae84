using System.Text.Json;

namespace FhirFacade.Definitions;

internal static class JsonReading
{
    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static bool Flag(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement element, string name) =>
        element.Items(name).Select(item => item.GetString()!);

    /// <summary>The last part of a canonical url, without its version.</summary>
    public static string LastPart(string url) => WithoutVersion(url)[(url.LastIndexOf('/') + 1)..];

    public static string WithoutVersion(string canonical) => canonical.Split('|')[0];
}
