using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

public sealed class StructureValidatorTests
{
    [Theory]
    [InlineData("Patient")]
    [InlineData("Observation")]
    [InlineData("Bundle")]
    public void A_valid_resource_has_no_issues(string name) => Assert.Empty(Validate(ValidResources.Copy(name)));

    [Theory]
    // Unknown elements and types.
    [InlineData("Patient", "shoeSize", "1", "structure", "Patient.shoeSize")]
    [InlineData("Patient", "contact[0].birthDate", "\"1980\"", "structure", "Patient.contact[0].birthDate")]
    [InlineData("Patient", "_name", "{}", "structure", "Patient.name")]
    [InlineData("Patient", "Jane Doe", "1", "structure", "Patient")]
    [InlineData("Observation", "value", "1", "structure", "Observation.value")]
    [InlineData("Observation", "valueMoney", "{ \"value\": 1 }", "structure", "Observation.valueMoney")]
    [InlineData("Patient", "resourceType", "\"Paitent\"", "structure", "Paitent")]
    [InlineData("Patient", "resourceType", "\"DomainResource\"", "structure", "DomainResource")]
    [InlineData("Patient", "resourceType", "\"HumanName\"", "structure", "HumanName")]
    [InlineData("Patient", "resourceType", "5", "structure", "Resource")]
    [InlineData("Patient", "name[0].resourceType", "\"HumanName\"", "structure", "Patient.name[0].resourceType")]
    [InlineData("Patient", "contained[0].resourceType", null, "structure", "Patient.contained[0]")]
    [InlineData("Bundle", "entry[0].resource.resourceType", "\"Nothing\"", "structure", "Bundle.entry[0].resource")]
    [InlineData("Bundle", "entry[0].resource.parameter[0].resource.shoeSize", "1", "structure", "Bundle.entry[0].resource.parameter[0].resource.shoeSize")]
    // Kinds of JSON value.
    [InlineData("Patient", "active", "\"true\"", "structure", "Patient.active")]
    [InlineData("Patient", "birthDate", "1980", "structure", "Patient.birthDate")]
    [InlineData("Patient", "birthDate", "{}", "structure", "Patient.birthDate")]
    [InlineData("Patient", "name", "{ \"family\": \"Doe\" }", "structure", "Patient.name")]
    [InlineData("Patient", "name[1]", "\"Doe\"", "structure", "Patient.name[1]")]
    [InlineData("Patient", "managingOrganization", "[{ \"display\": \"x\" }]", "structure", "Patient.managingOrganization")]
    [InlineData("Patient", "name[0].family", "[\"Doe\"]", "structure", "Patient.name[0].family")]
    [InlineData("Patient", "meta.profile", "\"http://example.org\"", "structure", "Patient.meta.profile")]
    [InlineData("Observation", "valueQuantity.value", "\"7.2\"", "structure", "Observation.value.ofType(Quantity).value")]
    [InlineData("Bundle", "entry[1].resource", "[]", "structure", "Bundle.entry[1].resource")]
    // Cardinality.
    [InlineData("Observation", "status", null, "required", "Observation.status")]
    [InlineData("Observation", "component[0].code", null, "required", "Observation.component[0].code")]
    [InlineData("Patient", "extension[0].extension[0].url", null, "required", "Patient.extension[0].extension[0].url")]
    [InlineData("Bundle", "entry[1].resource.class", null, "required", "Bundle.entry[1].resource.class")]
    [InlineData("Patient", "link[0].other", null, "required", "Patient.link[0].other")]
    // Choices.
    [InlineData("Patient", "deceasedDateTime", "\"2024\"", "structure", "Patient.deceased.ofType(dateTime)")]
    [InlineData("Observation", "valueString", "\"x\"", "structure", "Observation.value.ofType(string)")]
    // Formats.
    [InlineData("Patient", "birthDate", "\"1980-02-30\"", "value", "Patient.birthDate")]
    [InlineData("Patient", "meta.lastUpdated", "\"2024-05-01T10:00:00\"", "value", "Patient.meta.lastUpdated")]
    [InlineData("Patient", "id", "\"a_b\"", "value", "Patient.id")]
    [InlineData("Patient", "telecom[0].rank", "0", "value", "Patient.telecom[0].rank")]
    [InlineData("Patient", "telecom[0].rank", "1.0", "value", "Patient.telecom[0].rank")]
    [InlineData("Observation", "component[0].valueInteger", "2147483648", "value", "Observation.component[0].value.ofType(integer)")]
    [InlineData("Bundle", "total", "-1", "value", "Bundle.total")]
    [InlineData("Patient", "identifier[0].system", "\"a b\"", "value", "Patient.identifier[0].system")]
    [InlineData("Patient", "_birthDate.extension[0].valueDateTime", "\"soon\"", "value", "Patient.birthDate.extension[0].value.ofType(dateTime)")]
    // Nulls and empty things.
    [InlineData("Patient", "name[1]", "{ \"given\": [null] }", "structure", "Patient.name[1].given[0]")]
    [InlineData("Patient", "name[0].given[1]", "\"\"", "structure", "Patient.name[0].given[1]")]
    [InlineData("Patient", "name[0]._given[1]", "null", "structure", "Patient.name[0].given[1]")]
    [InlineData("Patient", "name[0]._given", "[null, { \"extension\": [{ \"url\": \"u\", \"valueCode\": \"x\" }] }]", "structure", "Patient.name[0].given")]
    [InlineData("Patient", "name[1]", "null", "structure", "Patient.name[1]")]
    [InlineData("Patient", "_gender", "{}", "invariant", "Patient.gender")]
    [InlineData("Patient", "_maritalStatus", "{}", "structure", "Patient.maritalStatus")]
    // Elements have a value or parts, extensions one of the two.
    [InlineData("Patient", "name[1]", "{ \"id\": \"n\" }", "invariant", "Patient.name[1]")]
    [InlineData("Observation", "_issued", "{}", "invariant", "Observation.issued")]
    [InlineData("Observation", "_implicitRules", "{ \"id\": \"n\" }", "invariant", "Observation.implicitRules")]
    [InlineData("Patient", "extension[0].valueCode", "\"x\"", "invariant", "Patient.extension[0]")]
    [InlineData("Patient", "extension[0].extension", null, "invariant", "Patient.extension[0]")]
    // Codes.
    [InlineData("Patient", "gender", "\"F\"", "code-invalid", "Patient.gender")]
    [InlineData("Observation", "valueQuantity.comparator", "\"=\"", "code-invalid", "Observation.value.ofType(Quantity).comparator")]
    [InlineData("Bundle", "entry[0].request.method", "\"post\"", "code-invalid", "Bundle.entry[0].request.method")]
    // References.
    [InlineData("Observation", "subject.reference", "\"Practitioner/x\"", "structure", "Observation.subject")]
    [InlineData("Observation", "subject.reference", "\"https://example.org/fhir/Practitioner/x/_history/1\"", "structure", "Observation.subject")]
    [InlineData("Observation", "subject.reference", "\"Practitioner?identifier=x\"", "structure", "Observation.subject")]
    [InlineData("Observation", "subject", "{ \"type\": \"Practitioner\", \"display\": \"x\" }", "structure", "Observation.subject")]
    [InlineData("Patient", "generalPractitioner[0].type", "\"Organization\"", "value", "Patient.generalPractitioner[0]")]
    [InlineData("Patient", "managingOrganization.reference", "\"#o2\"", "invariant", "Patient.managingOrganization.reference")]
    [InlineData("Patient", "contained[0].resourceType", "\"Location\"", "structure", "Patient.managingOrganization")]
    [InlineData("Bundle", "entry[0].resource.parameter[0].resource.subject", "{ \"reference\": \"#inner\" }", "invariant", "Bundle.entry[0].resource.parameter[0].resource.subject.reference")]
    // Contained resources.
    [InlineData("Patient", "contained[0].contained", "[{ \"resourceType\": \"Patient\", \"id\": \"x\" }]", "invariant", "Patient.contained[0].contained[0]")]
    public void A_fault_is_reported_once_at_its_place(string resource, string place, string? json, string code, string location)
    {
        var broken = ValidResources.Copy(resource);
        ValidResources.Put(broken, place, json);

        var issue = Assert.Single(Validate(broken));

        Assert.Equal((code, location), (issue.Code, issue.Expression));
        Assert.Equal(IssueSeverity.Error, issue.Severity);
    }

    [Theory]
    [InlineData("Patient", "managingOrganization.reference", "\"https://example.org/anything\"")]
    [InlineData("Patient", "managingOrganization.reference", "\"urn:oid:1.2.3\"")]
    [InlineData("Bundle", "entry[1].resource.subject.reference", "\"#inner\"")]
    [InlineData("Patient", "birthDate", null)]
    [InlineData("Patient", "_birthDate", "{ \"id\": \"b\" }")]
    [InlineData("Patient", "gender", "\"\\u0066emale\"")]
    [InlineData("Patient", "name[0].family", "\"\\uD83D\\uDE00\"")]
    [InlineData("Observation", "valueQuantity.value", "1.000000000000000000000000000001")]
    [InlineData("Observation", "focus", "[{ \"reference\": \"Basic/1\" }]")]
    public void What_the_specification_allows_is_left_alone(string resource, string place, string? json)
    {
        var changed = ValidResources.Copy(resource);
        ValidResources.Put(changed, place, json);

        Assert.Empty(Validate(changed));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"resourceType\":null}")]
    public void What_is_no_resource_at_all_is_one_issue(string json) => Assert.Equal("Resource", Assert.Single(Validate(JsonNode.Parse(json))).Expression);

    [Fact]
    public void A_resource_that_is_all_faults_ends_with_the_word_that_there_are_more()
    {
        var broken = new JsonObject { ["resourceType"] = "Patient", ["name"] = new JsonArray([.. Enumerable.Range(0, 1000).Select(_ => (JsonNode?)JsonValue.Create(1))]) };

        var issues = Validate(broken);

        Assert.Equal(StructureValidator.MaxIssues, issues.Count);
        Assert.Equal(IssueType.TooCostly, issues[^1].Code);
    }

    internal static IReadOnlyList<Issue> Validate(JsonNode? resource)
    {
        using var document = JsonDocument.Parse(resource?.ToJsonString() ?? "null");
        return StructureValidator.Validate(document.RootElement);
    }
}
