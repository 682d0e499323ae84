using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.SearchParameters;

/// <summary>Reads <c>conformance/r4/search-parameters.jsonl</c>, one parameter a line, as built into this assembly.</summary>
internal static class SearchParameterFile
{
    public static IEnumerable<SearchParameter> ReadR4()
    {
        foreach (var line in DefinitionFiles.Lines("search-parameters.jsonl"))
        {
            using var document = JsonDocument.Parse(line);
            yield return Read(document.RootElement);
        }
    }

    private static SearchParameter Read(JsonElement line) => new(
        Text(line, "code"),
        Enum.Parse<SearchParameterType>(Text(line, "type"), ignoreCase: true),
        Texts(line, "base"),
        Text(line, "expression"),
        Texts(line, "target"),
        line.TryGetProperty("component", out var components)
            ? [.. components.EnumerateArray().Select(c => new CompositeComponent(Text(c, "definition"), Text(c, "expression")))]
            : [],
        Text(line, "url"));

    private static string Text(JsonElement line, string name) =>
        line.TryGetProperty(name, out var value) ? string.Intern(value.GetString()!) : "";

    private static ImmutableArray<string> Texts(JsonElement line, string name) =>
        line.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => string.Intern(value.GetString()!))] : [];
}
