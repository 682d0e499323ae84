using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using Xunit;

namespace FhirFacade.Fhir.Tests.Compartments;

public sealed class PatientCompartmentTests
{
    [Theory]
    [InlineData("Patient", true)]
    [InlineData("Observation", true)]
    [InlineData("Encounter", true)]
    [InlineData("Provenance", true)]
    [InlineData("Practitioner", false)]
    [InlineData("Organization", false)]
    [InlineData("MessageHeader", false)]
    [InlineData("NoSuchType", false)]
    public void A_type_is_in_the_compartment_as_the_definition_says(string type, bool expected) => Assert.Equal(expected, PatientCompartment.Contains(type));

    [Theory]
    [InlineData("Practitioner", true)]
    [InlineData("PractitionerRole", true)]
    [InlineData("Organization", true)]
    [InlineData("Location", true)]
    [InlineData("Patient", false)]
    [InlineData("Device", false)]
    [InlineData("MessageHeader", false)]
    public void Directory_types_are_four(string type, bool expected) => Assert.Equal(expected, PatientCompartment.IsDirectory(type));

    [Theory]
    [InlineData("Patient", """{"resourceType":"Patient","id":"a"}""", "a")]
    [InlineData("Patient", """{"resourceType":"Patient","id":"a","link":[{"other":{"reference":"Patient/b"}}]}""", "a")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"}}""", "a")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a/_history/2"}}""", "a")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"reference":"Patient/a"},{"reference":"Practitioner/b"}]}""", "a")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a","identifier":{"value":"1"},"type":"Patient"}}""", "a")]
    [InlineData("Provenance", """{"resourceType":"Provenance","target":[{"reference":"Observation/x"},{"reference":"Patient/a"}]}""", "a")]
    [InlineData("Coverage", """{"resourceType":"Coverage","beneficiary":{"reference":"Patient/a"},"payor":[{"reference":"Organization/o"}]}""", "a")]
    public void A_resource_that_names_one_patient_is_that_patients(string type, string json, string patient) =>
        Assert.Equal(new PatientMembership.One(patient), Of(type, json));

    [Theory]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"reference":"Patient/b"}]}""")]
    [InlineData("Provenance", """{"resourceType":"Provenance","target":[{"reference":"Patient/a"},{"reference":"Patient/b"}]}""")]
    [InlineData("Appointment", """{"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/a"}},{"actor":{"reference":"Patient/b"}}]}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"reference":"http://elsewhere/fhir/Patient/b"}]}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"type":"Patient","identifier":{"value":"9"}}]}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"reference":"#p"}],"contained":[{"resourceType":"Patient","id":"p"}]}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/a"},"performer":[{"reference":"Patient?identifier=1"}]}""")]
    public void A_resource_that_names_two_patients_is_nobodys(string type, string json) => Assert.IsType<PatientMembership.Several>(Of(type, json));

    [Theory]
    [InlineData("Observation", """{"resourceType":"Observation"}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Group/g"}}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"http://elsewhere/fhir/Patient/a"}}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]}""")]
    [InlineData("Observation", """{"resourceType":"Observation","subject":{"reference":"Patient/"}}""")]
    [InlineData("Observation", """{"resourceType":"Observation","focus":[{"reference":"Patient/a"}]}""")]
    [InlineData("Practitioner", """{"resourceType":"Practitioner","id":"a"}""")]
    [InlineData("Patient", """{"resourceType":"Patient"}""")]
    [InlineData("MessageHeader", """{"resourceType":"MessageHeader","focus":[{"reference":"Patient/a"}]}""")]
    public void A_resource_without_a_patient_of_this_server_is_in_no_compartment(string type, string json) =>
        Assert.IsType<PatientMembership.None>(Of(type, json));

    [Theory]
    [InlineData("AllergyIntolerance", "asserter patient recorder")]
    [InlineData("Observation", "performer subject")]
    [InlineData("Organization", "")]
    public void The_linking_parameters_are_the_definitions(string type, string codes) =>
        Assert.Equal(codes, string.Join(' ', PatientCompartment.LinkingParameters(type)));

    private static PatientMembership Of(string type, string json)
    {
        using var document = JsonDocument.Parse(json);
        return PatientCompartment.Of(type, document.RootElement);
    }
}
