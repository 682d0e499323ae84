using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class OfficialExamplesTests(ITestOutputHelper output)
{
    [Fact]
    public void Extraction_of_every_official_example_gives_an_id_and_values_of_known_parameters()
    {
        var (resources, values) = (0, 0);
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var resource = document.RootElement;
            var type = resource.GetProperty("resourceType").GetString()!;
            var found = SearchIndexer.Extract(type, resource);
            resources++;
            values += found.Length;
            Assert.All(found, value => Assert.NotNull(SearchParameterSet.R4.Find(type, value.Parameter)));
            Assert.Equal(found.Length, found.Distinct().Count());
            Assert.Equal(resource.TryGetProperty("id", out _), found.Any(value => value.Parameter == "_id"));
            _ = PatientCompartment.Of(type, resource);
        }

        output.WriteLine($"{values} values of {resources} resources");
        Assert.True(resources > 700);
    }

    [Fact]
    public void Most_search_parameters_find_something_in_the_official_examples()
    {
        var found = new HashSet<(string, string)>();
        var types = new HashSet<string>();
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var type = document.RootElement.GetProperty("resourceType").GetString()!;
            types.Add(type);
            found.UnionWith(SearchIndexer.Extract(type, document.RootElement).Select(value => (type, value.Parameter)));
        }

        var all = types.SelectMany(type => SearchParameterSet.R4.For(type).Select(p => (type, p.Code))).ToList();
        output.WriteLine($"{found.Count} of {all.Count}");
        Assert.True(found.Count > 1000);
    }
}
