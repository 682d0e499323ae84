using System.Text.Json;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>A visit or stay as the picker shows one.</summary>
/// <param name="Id">The logical id.</param>
/// <param name="When">From which day to which.</param>
/// <param name="Details">What kind it is, and its state.</param>
public sealed record EncounterChoice(string Id, string When, string Details)
{
    /// <summary>Reads an Encounter.</summary>
    public static EncounterChoice Of(StoredResource encounter)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        using var document = JsonDocument.Parse(encounter.Doc);
        var root = document.RootElement;
        var (start, end) = root.TryGetProperty("period", out var period) ? (Day(period, "start"), Day(period, "end")) : ("", "");
        var when = start.Length == 0 ? "(no date)" : end.Length == 0 ? $"since {start}" : start == end ? start : $"{start} to {end}";
        var kind = root.TryGetProperty("class", out var coding) ? Text(coding, "display") ?? Text(coding, "code") : null;
        var type = root.TryGetProperty("type", out var types) && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0 ? Words(types[0]) : null;
        return new(encounter.Id, when, string.Join(", ", new[] { type, kind, Text(root, "status") }.OfType<string>()));
    }

    private static string? Words(JsonElement concept) => Text(concept, "text")
        ?? (concept.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array && codings.GetArrayLength() > 0 ? Text(codings[0], "display") ?? Text(codings[0], "code") : null);

    private static string Day(JsonElement period, string name) => Text(period, name) is { } text ? text[..Math.Min(10, text.Length)] : "";

    private static string? Text(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
