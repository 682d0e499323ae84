using System.Text.Json;

namespace FhirFacade.Fhir.Definitions;

/// <summary>Reads value-sets.jsonl.</summary>
internal static class ValueSetFile
{
    public static IEnumerable<ValueSetCodes> Read(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            yield return new ValueSetCodes(
                document.RootElement.GetProperty("url").GetString()!,
                document.RootElement.GetProperty("systems").EnumerateObject().Select(system =>
                    KeyValuePair.Create(system.Name, system.Value.EnumerateArray().Select(code => code.GetString()!).ToHashSet(StringComparer.Ordinal))));
        }
    }
}
