using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using Xunit;

namespace FhirFacade.Fhir.Tests.Compartments;

public sealed class CompartmentTests
{
    [Fact]
    public void There_are_five_and_each_is_found_by_its_type()
    {
        Assert.Equal(["Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"], Compartment.All.Select(compartment => compartment.Type));
        Assert.All(Compartment.All, compartment => Assert.Same(compartment, Compartment.Of(compartment.Type)));
        Assert.Null(Compartment.Of("Organization"));
    }

    /// <summary>The counts are those of the five tables at https://hl7.org/fhir/R4/compartmentdefinition.html, and the one itself where they leave it out.</summary>
    [Theory]
    [InlineData("Device", 33)]
    [InlineData("Encounter", 25)]
    [InlineData("Patient", 66)]
    [InlineData("Practitioner", 59)]
    [InlineData("RelatedPerson", 32)]
    public void A_compartment_has_the_types_of_its_definition_and_its_own(string type, int types)
    {
        var compartment = Compartment.Of(type)!;
        Assert.Equal(types, compartment.ResourceTypes.Length);
        Assert.Contains(type, compartment.ResourceTypes);
        Assert.All(compartment.ResourceTypes, member => Assert.True(compartment.Contains(member)));
        Assert.All(R4.Definitions.ResourceTypes.Except(compartment.ResourceTypes), other => Assert.False(compartment.Contains(other)));
    }

    [Fact]
    public void What_links_a_type_is_a_reference_parameter_of_it_that_can_lead_there() => Assert.All(
        from compartment in Compartment.All
        from type in compartment.ResourceTypes
        from code in compartment.LinkingParameters(type)
        select (compartment, type, code),
        link =>
        {
            var parameter = SearchParameterSet.R4.Find(link.type, link.code);
            Assert.Equal(SearchParameterType.Reference, parameter?.Type);
            Assert.Contains(link.compartment.Type, parameter!.Targets);
        });

    [Theory]
    [InlineData("Encounter", "Encounter", """{"resourceType":"Encounter","id":"e1"}""", "e1")]
    [InlineData("Practitioner", "Practitioner", """{"resourceType":"Practitioner","id":"d1"}""", "d1")]
    [InlineData("RelatedPerson", "RelatedPerson", """{"resourceType":"RelatedPerson","id":"r1","patient":{"reference":"Patient/p"}}""", "r1")]
    [InlineData("Device", "Device", """{"resourceType":"Device","id":"v1"}""", "v1")]
    [InlineData("Patient", "Patient", """{"resourceType":"Patient","id":"p1","link":[{"other":{"reference":"Patient/p2"},"type":"refer"}]}""", "p1 p2")]
    [InlineData("Patient", "RelatedPerson", """{"resourceType":"RelatedPerson","id":"r1","patient":{"reference":"Patient/p"}}""", "p")]
    [InlineData("Encounter", "Observation", """{"resourceType":"Observation","encounter":{"reference":"Encounter/e1/_history/4"},"subject":{"reference":"Patient/p"}}""", "e1")]
    [InlineData("Practitioner", "Observation", """{"resourceType":"Observation","performer":[{"reference":"Practitioner/a"},{"reference":"Organization/o"},{"reference":"Practitioner/b"},{"reference":"Practitioner/a"}]}""", "a b")]
    [InlineData("Device", "Observation", """{"resourceType":"Observation","subject":{"reference":"Device/v"},"device":{"reference":"Device/w"}}""", "v w")]
    [InlineData("Patient", "Observation", """{"resourceType":"Observation","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]}""", "")]
    [InlineData("Patient", "Observation", """{"resourceType":"Observation","subject":{"reference":"http://elsewhere/fhir/Patient/a"}}""", "")]
    [InlineData("Patient", "Organization", """{"resourceType":"Organization","id":"o"}""", "")]
    [InlineData("Encounter", "Patient", """{"resourceType":"Patient","id":"o"}""", "")]
    public void A_resource_is_in_the_compartments_of_those_that_it_names(string compartment, string type, string json, string ids)
    {
        using var document = JsonDocument.Parse(json);
        var members = Compartment.Of(compartment)!.MembershipOf(type, document.RootElement);
        Assert.Equal(ids, string.Join(' ', members));
        Assert.All(members, id => Assert.True(Compartment.Of(compartment)!.Contains(type, document.RootElement, id)));
        Assert.False(Compartment.Of(compartment)!.Contains(type, document.RootElement, "nobody"));
    }

    [Fact]
    public void Who_may_see_a_resource_never_goes_beyond_the_definition()
    {
        foreach (var path in Directory.EnumerateFiles(SharedData.Folder("fhir/r4-examples"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var type = document.RootElement.GetProperty("resourceType").GetString()!;
            if (PatientCompartment.Of(type, document.RootElement) is PatientMembership.One one)
            {
                Assert.Contains(one.PatientId, Compartment.Patient.MembershipOf(type, document.RootElement));
            }
        }
    }
}
