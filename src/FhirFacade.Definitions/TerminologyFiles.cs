using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Definitions;

/// <summary>code-systems.jsonl, value-set-definitions.jsonl and concept-maps.jsonl: a resource a line, by url, without its prose.</summary>
internal static class TerminologyFiles
{
    private static readonly string[] Files = ["valuesets.json", "v2-tables.json", "v3-codesystems.json", "conceptmaps.json"];

    public static IEnumerable<string> Lines(string folder, string resourceType) =>
        Files.SelectMany(file => BundleFile.Read(folder, file, resourceType))
            .Where(resource => resource.Text("url") is not null)
            .DistinctBy(resource => resource.Text("url"))
            .OrderBy(resource => resource.Text("url"), StringComparer.Ordinal)
            .Select(TerminologyLine.Of);
}
