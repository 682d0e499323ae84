using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Packages;

/// <summary>Packages that are built in as the files of <c>conformance/us-core</c>.</summary>
public static class PackageFile
{
    /// <summary>The line of package.jsonl: name and version.</summary>
    public static IEnumerable<string> Write(Package package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return
        [
            new JsonObject
            {
                ["name"] = package.Name,
                ["version"] = package.Version,
                ["dependencies"] = new JsonObject(package.Dependencies.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            }.ToJsonString(),
        ];
    }

    /// <summary>Reads the built-in files of a folder such as <c>us-core/6.1.0</c>.</summary>
    internal static Package Read(string folder)
    {
        using var manifest = JsonDocument.Parse(DefinitionFiles.Lines("package.jsonl", folder).First());
        return new Package(manifest.RootElement.Text("name")!, manifest.RootElement.Text("version")!)
        {
            Dependencies = manifest.RootElement.Part("dependencies").EnumerateObject().ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal),
            Profiles = [.. ProfileFile.Read(DefinitionFiles.Lines("profiles.jsonl", folder))],
            CodeSystems = Resources(folder, "code-systems.jsonl", CodeSystem.Read),
            ValueSets = Resources(folder, "value-set-definitions.jsonl", ValueSet.Read),
            ConceptMaps = Resources(folder, "concept-maps.jsonl", ConceptMap.Read),
            SearchParameters = Resources(folder, "search-parameters.jsonl", SearchParameterReader.Facts),
        };
    }

    private static ImmutableArray<T> Resources<T>(string folder, string name, Func<JsonElement, T?> read)
        where T : class
    {
        var result = ImmutableArray.CreateBuilder<T>();
        foreach (var line in DefinitionFiles.Lines(name, folder))
        {
            using var document = JsonDocument.Parse(line);
            if (read(document.RootElement) is { } item)
            {
                result.Add(item);
            }
        }

        return result.ToImmutable();
    }
}
