using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;

namespace FhirFacade.Definitions;

/// <summary>profiles.jsonl of R4: its profiles and extensions.</summary>
internal static class R4Profiles
{
    private const string Release = "4.0.1";
    private static readonly string[] Files = ["extension-definitions.json", "profiles-others.json", "profiles-types.json"];

    public static IEnumerable<string> Lines(string folder)
    {
        var resources = Files.SelectMany(file => BundleFile.Read(folder, file, "StructureDefinition")).Where(resource => resource.Text("fhirVersion") == Release);
        var loaded = PackageLoader.Load("hl7.fhir.r4.core", Release, resources);
        return loaded.Package!.Profiles.DistinctBy(profile => profile.Url).SelectMany(ProfileFile.Write);
    }
}
