using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using Xunit;

namespace FhirFacade.Fhir.Tests.Definitions;

public sealed class DefinitionFilesTests
{
    [Fact]
    public void Search_parameters_name_types_and_components_that_exist()
    {
        var parameters = DefinitionFiles.Lines("search-parameters.jsonl").Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var urls = parameters.Select(parameter => parameter.GetProperty("url").GetString()!).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(parameters.Count, urls.Count);
        foreach (var parameter in parameters)
        {
            Assert.DoesNotContain(Texts(parameter, "base"), name => R4.Definitions.Type(name) is not { Kind: TypeKind.Resource });
            Assert.DoesNotContain(Texts(parameter, "target"), name => R4.Definitions.Type(name) is not { Kind: TypeKind.Resource });
            if (parameter.GetProperty("type").ValueEquals("composite"))
            {
                Assert.True(parameter.GetProperty("component").GetArrayLength() >= 2);
                Assert.DoesNotContain(parameter.GetProperty("component").EnumerateArray(), component => !urls.Contains(component.GetProperty("definition").GetString()!));
            }
        }
    }

    [Fact]
    public void Compartments_are_reached_by_search_parameters_that_exist()
    {
        var codes = DefinitionFiles.Lines("search-parameters.jsonl").Select(line => JsonDocument.Parse(line).RootElement)
            .SelectMany(parameter => Texts(parameter, "base").Select(type => (type, parameter.GetProperty("code").GetString()!))).ToHashSet();

        var lines = DefinitionFiles.Lines("compartments.tsv").Select(line => line.Split('\t')).ToList();
        Assert.Equal(["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"], lines.Select(line => line[0]).Distinct());
        Assert.DoesNotContain(lines.SelectMany(line => line[2].Split(' ').Where(code => code != "{def}").Select(code => (line[1], code))), pair => !codes.Contains(pair));
    }

    [Fact]
    public void A_file_that_is_not_built_in_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => DefinitionFiles.Open("nothing.tsv"));

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];
}
