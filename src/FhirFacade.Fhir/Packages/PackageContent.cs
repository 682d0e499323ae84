using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Fhir.Terminology;

namespace FhirFacade.Fhir.Packages;

/// <summary>Gathers the definitional resources of a package.</summary>
internal sealed class PackageContent(ImmutableArray<Issue>.Builder issues)
{
    private readonly List<Profile> _profiles = [];
    private readonly List<CodeSystem> _codeSystems = [];
    private readonly List<ValueSet> _valueSets = [];
    private readonly List<ConceptMap> _conceptMaps = [];
    private readonly List<SearchParameter> _searchParameters = [];

    public void Add(JsonElement resource)
    {
        switch (resource.Text("resourceType"))
        {
            case "StructureDefinition":
                Keep(_profiles, ProfileReader.Read(resource, R4.Definitions, issues));
                break;
            case "CodeSystem":
                Keep(_codeSystems, CodeSystem.Read(resource));
                break;
            case "ValueSet":
                Keep(_valueSets, ValueSet.Read(resource));
                break;
            case "ConceptMap":
                Keep(_conceptMaps, ConceptMap.Read(resource));
                break;
            case "SearchParameter":
                Keep(_searchParameters, SearchParameterReader.Read(resource).Parameter);
                break;
        }
    }

    public Package ToPackage(Package package) => package with
    {
        Profiles = [.. _profiles.OrderBy(profile => profile.Url, StringComparer.Ordinal)],
        CodeSystems = [.. _codeSystems.OrderBy(system => system.Url, StringComparer.Ordinal)],
        ValueSets = [.. _valueSets.OrderBy(set => set.Url, StringComparer.Ordinal)],
        ConceptMaps = [.. _conceptMaps.OrderBy(map => map.Url, StringComparer.Ordinal)],
        SearchParameters = [.. _searchParameters.OrderBy(parameter => parameter.Url, StringComparer.Ordinal)],
    };

    private static void Keep<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }
}
