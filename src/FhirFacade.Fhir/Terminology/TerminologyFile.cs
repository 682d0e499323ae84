using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Terminology;

/// <summary>
/// Files of terminology, one resource a line, url first: <c>{"url":"..."</c>. A line is read when its url is asked for.
/// </summary>
internal static class TerminologyFile
{
    private const string Start = "{\"url\":\"";

    public static IEnumerable<KeyValuePair<string, Lazy<T?>>> Index<T>(string name, Func<JsonElement, T?> read)
        where T : class => Index(DefinitionFiles.Lines(name), read);

    public static IEnumerable<KeyValuePair<string, Lazy<T?>>> Index<T>(IEnumerable<string> lines, Func<JsonElement, T?> read)
        where T : class
    {
        foreach (var line in lines)
        {
            var url = line[Start.Length..line.IndexOf('"', Start.Length)];
            yield return KeyValuePair.Create(JsonReading.WithoutVersion(url), new Lazy<T?>(() =>
            {
                using var document = JsonDocument.Parse(line);
                return read(document.RootElement);
            }));
        }
    }
}
