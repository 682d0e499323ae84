namespace FhirFacade.Definitions;

/// <summary>
/// compartments.tsv: compartment, resource type, codes of the search parameters through which a resource of that type
/// belongs to it (separated by spaces; <c>{def}</c> = by being the one that the compartment is of). Types that are never in a compartment have no line.
/// </summary>
internal static class CompartmentsFile
{
    public static IEnumerable<string> Lines(string folder) =>
        from compartment in BundleFile.Read(folder, "profiles-resources.json", "CompartmentDefinition").OrderBy(compartment => compartment.Text("code"), StringComparer.Ordinal)
        from resource in compartment.Items("resource").OrderBy(resource => resource.Text("code"), StringComparer.Ordinal)
        where resource.Texts("param").Any()
        select string.Join('\t', compartment.Text("code"), resource.Text("code"), string.Join(' ', resource.Texts("param").Order(StringComparer.Ordinal)));
}
