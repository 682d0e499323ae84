using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Definitions;

/// <summary>The files of one FHIR package: package.json with name and version, then its definitions.</summary>
internal static class PackageFiles
{
    /// <summary>Name and lines of each file; null, with the reasons on the error stream, where the package is refused.</summary>
    public static IReadOnlyList<(string Name, IEnumerable<string> Lines)>? Read(string file)
    {
        using var stream = File.OpenRead(file);
        var archive = PackageArchive.Read(stream);
        var loaded = archive.Issues.IsEmpty ? PackageLoader.Load(archive.Entries) : new PackageLoadResult(null, archive.Issues);
        foreach (var issue in loaded.Issues)
        {
            Console.Error.WriteLine(issue.Diagnostics);
        }

        if (loaded.Package is not { } package)
        {
            return null;
        }

        var resources = archive.Entries.Where(entry => entry.Name.Count(c => c == '/') == 1 && entry.Name.EndsWith(".json", StringComparison.Ordinal))
            .Select(entry => JsonDocument.Parse(entry.Content).RootElement).Where(resource => resource.Text("url") is not null)
            .OrderBy(resource => resource.Text("url"), StringComparer.Ordinal).ToList();
        return
        [
            ("package.jsonl", PackageFile.Write(package)),
            ("profiles.jsonl", package.Profiles.SelectMany(ProfileFile.Write)),
            ("code-systems.jsonl", Terminology(resources, "CodeSystem")),
            ("value-set-definitions.jsonl", Terminology(resources, "ValueSet")),
            ("concept-maps.jsonl", Terminology(resources, "ConceptMap")),
            ("search-parameters.jsonl", resources.Where(resource => resource.Text("resourceType") == "SearchParameter").Select(SearchParametersFile.Line)),
        ];
    }

    private static IEnumerable<string> Terminology(IEnumerable<JsonElement> resources, string type) =>
        resources.Where(resource => resource.Text("resourceType") == type).Select(TerminologyLine.Of);
}
