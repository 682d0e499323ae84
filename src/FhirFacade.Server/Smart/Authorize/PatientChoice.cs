using System.Text.Json;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Smart.Authorize;

/// <summary>A patient as the picker shows one.</summary>
/// <param name="Id">The logical id.</param>
/// <param name="Name">Names and surname.</param>
/// <param name="Details">What tells two of the same name apart: date of birth, sex, a number.</param>
public sealed record PatientChoice(string Id, string Name, string Details)
{
    /// <summary>Reads a Patient.</summary>
    public static PatientChoice Of(StoredResource patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        using var document = JsonDocument.Parse(patient.Doc);
        var root = document.RootElement;
        var name = First(root, "name") is { } n ? string.Join(' ', [.. Texts(n, "given"), .. Texts(n, "family")]) : "";
        var number = First(root, "identifier") is { } i && i.TryGetProperty("value", out var value) ? value.GetString() : null;
        return new(patient.Id, name.Length > 0 ? name : "(no name)", string.Join(", ", [.. Texts(root, "birthDate").Select(d => "born " + d), .. Texts(root, "gender"), .. number is null ? [] : new[] { "no. " + number }]));
    }

    private static JsonElement? First(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0 ? list[0] : null;

    private static List<string> Texts(JsonElement of, string name) =>
        !of.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!).ToList()
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!] : [];
}
