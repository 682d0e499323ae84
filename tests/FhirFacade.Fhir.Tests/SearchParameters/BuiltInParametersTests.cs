using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

public sealed class BuiltInParametersTests
{
    private const string Extensions = "http://hl7.org/fhir/us/core/StructureDefinition/";

    [Fact]
    public void Every_parameter_of_R4_and_of_each_US_Core_is_there_under_its_code_and_under_its_url()
    {
        foreach (var parameter in UsCore.Versions.SelectMany(version => UsCore.Load(version).SearchParameters))
        {
            Assert.All(parameter.Bases, type => Assert.Equal(parameter.Type, SearchParameterSet.BuiltIn.Find(type, parameter.Code)?.Type));
        }

        Assert.All(SearchParameterSet.R4.All, parameter => Assert.Same(parameter, SearchParameterSet.BuiltIn.FindByUrl(parameter.Url)));
        Assert.All(R4.Definitions.ResourceTypes, type => Assert.Superset(
            SearchParameterSet.R4.For(type).ToHashSet(), SearchParameterSet.BuiltIn.For(type).ToHashSet()));
    }

    [Fact]
    public void US_Core_adds_seven_parameters_and_takes_the_place_of_none() => Assert.Equal(
        ["CareTeam.role", "Condition.asserted-date", "Encounter.discharge-disposition", "Goal.description", "Patient.ethnicity", "Patient.gender-identity", "Patient.race"],
        from type in R4.Definitions.ResourceTypes
        from parameter in SearchParameterSet.BuiltIn.For(type)
        where SearchParameterSet.R4.Find(type, parameter.Code) is null
        orderby type, parameter.Code
        select $"{type}.{parameter.Code}");

    [Fact]
    public void What_US_Core_finds_by_a_parameter_of_R4s_name_R4_finds_as_well()
    {
        var resources = new List<(string Type, JsonElement Json)>();
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            resources.Add((document.RootElement.GetProperty("resourceType").GetString()!, document.RootElement.Clone()));
        }

        foreach (var version in UsCore.Versions)
        {
            var usCore = new SearchParameterSet(UsCore.Load(version).SearchParameters, []);
            foreach (var (type, json) in resources)
            {
                Assert.Subset(SearchIndexer.Extract(type, json, SearchParameterSet.BuiltIn).ToHashSet(), SearchIndexer.Extract(type, json, usCore).ToHashSet());
            }
        }
    }

    [Fact]
    public void A_patient_is_found_by_the_race_ethnicity_and_gender_identity_of_US_Core_with_their_systems()
    {
        using var patient = JsonDocument.Parse($$$"""
            {"resourceType":"Patient","extension":[
              {"url":"{{{Extensions}}}us-core-race","extension":[
                {"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"2106-3","display":"White"}},{"url":"text","valueString":"White"}]},
              {"url":"{{{Extensions}}}us-core-ethnicity","extension":[{"url":"ombCategory","valueCoding":{"code":"2186-5"}}]},
              {"url":"{{{Extensions}}}us-core-genderIdentity","valueCodeableConcept":{"coding":[{"code":"446141000124107"}]}}]}
            """);
        var values = SearchIndexer.Extract("Patient", patient.RootElement).ToLookup(value => value.Parameter);
        Assert.Equal([new TokenValue("race", "urn:oid:2.16.840.1.113883.6.238", "2106-3", "White")], values["race"]);
        Assert.Equal([new TokenValue("ethnicity", null, "2186-5")], values["ethnicity"]);
        Assert.Equal([new TokenValue("gender-identity", null, "446141000124107")], values["gender-identity"]);
    }

    [Fact]
    public void A_condition_is_found_by_the_date_it_was_asserted()
    {
        using var condition = JsonDocument.Parse("""
            {"resourceType":"Condition","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/condition-assertedDate","valueDateTime":"2024-05-06"}]}
            """);
        var asserted = Assert.Single(SearchIndexer.Extract("Condition", condition.RootElement).OfType<DateValue>());
        Assert.Equal("asserted-date", asserted.Parameter);
        Assert.Equal(new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero), asserted.Low);
    }

    [Fact]
    public void Parameters_of_domain_resources_are_not_those_of_bundles_and_binaries()
    {
        Assert.NotNull(SearchParameterSet.BuiltIn.Find("Patient", "_text"));
        Assert.Null(SearchParameterSet.BuiltIn.Find("Bundle", "_text"));
        Assert.Null(SearchParameterSet.BuiltIn.Find("Binary", "_text"));
        Assert.NotNull(SearchParameterSet.BuiltIn.Find("Bundle", "_lastUpdated"));
    }

    [Fact]
    public void A_site_could_add_every_parameter_that_R4_has_if_R4_did_not_have_it()
    {
        var empty = new SearchParameterSet([], R4.Definitions.ResourceTypes);
        var withoutUrl = SearchParameterSet.BuiltIn.All
            .Where(p => p.Expression.Length > 0 && !p.Code.StartsWith('_'))
            .Select(p => p with { Url = p.Url + "-copy", Components = [.. p.Components.Select(c => c with { Definition = c.Definition + "-copy" })] });
        Assert.Empty(empty.With(withoutUrl).Issues);
    }
}
