using System.Text.Json;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>What R4 adds to FHIRPath: https://hl7.org/fhir/R4/fhirpath.html</summary>
public sealed class R4FunctionsTests
{
    private const string BloodPressure = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure";
    private const string Roles = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

    private static readonly JsonElement related = Parse($$$"""
        {"resourceType":"RelatedPerson","patient":{"reference":"Patient/p"},"gender":"female",
         "modifierExtension":[{"url":"http://site/not","valueBoolean":true}],
         "relationship":[{"coding":[{"system":"http://site","code":"1"},{"system":"{{{Roles}}}","code":"MTH"}]}],
         "extension":[{"url":"http://x/parent","valueCoding":{"system":"{{{Roles}}}","code":"PRN"}},{"url":"http://x/child","valueCoding":{"system":"{{{Roles}}}","code":"CHILD"}},
                      {"url":"http://x/other","valueCoding":{"system":"http://nobody","code":"MTH"}}]}
        """);

    private static readonly JsonElement pressure = Parse("""
        {"resourceType":"Observation","status":"final","subject":{"reference":"Patient/p"},"effectiveDateTime":"2024-05-06",
         "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
         "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
         "component":[
           {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
           {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
           {"code":{"coding":[{"system":"http://site","code":"mood"}]},"valueString":"well"}]}
        """);

    [Theory]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "true")]
    [InlineData("gender.memberOf(%`vs-administrative-gender`)", "true")]
    [InlineData("gender.memberOf(%vs-administrative-gender)", "true")]
    [InlineData("gender.memberOf(%\"vs-administrative-gender\")", "true")]
    [InlineData("gender.memberOf('http://hl7.org/fhir/ValueSet/name-use')", "false")]
    [InlineData("gender.memberOf('http://site/no-such-set')", "")]
    [InlineData("relationship.memberOf('http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype')", "true")]
    [InlineData("extension('http://x/parent').value.memberOf('http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype')", "true")]
    [InlineData("extension('http://x/other').value.memberOf('http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype')", "false")]
    [InlineData("photo.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", "")]
    [InlineData("extension('http://x/parent').value.subsumes(relationship)", "true")]
    [InlineData("extension('http://x/child').value.subsumes(relationship)", "false")]
    [InlineData("relationship.subsumedBy(extension('http://x/parent').value)", "true")]
    [InlineData("relationship.subsumedBy(relationship)", "true")]
    [InlineData("relationship.subsumes(extension('http://x/parent').value)", "false")]
    [InlineData("extension('http://x/other').value.subsumes(extension('http://x/other').value)", "")]
    [InlineData("relationship.subsumes(photo)", "")]
    [InlineData("checkModifiers('http://site/not').gender", "female")]
    [InlineData("checkModifiers('http://site/other, http://site/not').gender", "female")]
    [InlineData("gender.checkModifiers()", "female")]
    [InlineData("%`ext-patient-birthTime`", "http://hl7.org/fhir/StructureDefinition/patient-birthTime")]
    [InlineData("%ext-patient-birthTime", "http://hl7.org/fhir/StructureDefinition/patient-birthTime")]
    [InlineData("%sct & ' ' & %loinc & ' ' & %ucum", "http://snomed.info/sct http://loinc.org http://unitsofmeasure.org")]
    [InlineData("gender.elementDefinition().path", "RelatedPerson.gender")]
    [InlineData("gender.elementDefinition().type.code", "code")]
    [InlineData("gender.elementDefinition().binding.valueSet", "http://hl7.org/fhir/ValueSet/administrative-gender")]
    [InlineData("relationship.coding.elementDefinition().max", "*|*")]
    [InlineData("relationship.coding.where(code = 'MTH').elementDefinition().path", "CodeableConcept.coding")]
    [InlineData("patient.elementDefinition().select(min.toString() & '..' & max)", "1..1")]
    [InlineData("photo.elementDefinition()", "")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/RelatedPerson')", "true")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "false")]
    [InlineData("relationship.slice('http://site/profile', 'x')", "")]
    public void The_functions_of_R4_answer_from_what_R4_brings(string expression, string expected) => Assert.Equal(expected, Answer(expression, related));

    [Theory]
    [InlineData("checkModifiers()")]
    [InlineData("checkModifiers('http://site/other')")]
    [InlineData("conformsTo('http://site/no-such-profile')")]
    public void What_cannot_be_answered_is_an_error(string expression) =>
        Assert.Throws<FhirPathEvaluationException>(() => FhirPathExpression.Compile(expression).Evaluate(related));

    [Theory]
    [InlineData($"component.slice('{BloodPressure}', 'systolic').value.value", "120")]
    [InlineData($"component.slice('{BloodPressure}', 'diastolic').value.value", "80")]
    [InlineData($"component.slice('{BloodPressure}', 'mean')", "")]
    [InlineData("component.slice('http://site/profile', 'systolic')", "")]
    [InlineData($"category.slice('{BloodPressure}', 'VSCat').coding.code", "vital-signs")]
    [InlineData($"conformsTo('{BloodPressure}')", "true")]
    [InlineData("conformsTo('http://hl7.org/fhir/us/core/StructureDefinition/us-core-body-weight')", "false")]
    [InlineData("category.memberOf('http://hl7.org/fhir/ValueSet/observation-category')", "true")]
    public void A_validator_answers_from_the_profiles_and_terminology_that_it_knows(string expression, string expected) =>
        Assert.Equal(expected, Answer(expression, pressure, ResourceValidator.R4.With([UsCore.Load("6.1.0")]).ContextOf(pressure)));

    [Fact]
    public void A_context_says_how_codes_relate_where_it_knows_better()
    {
        var context = new FhirPathContext { Subsumes = (system, code, below) => system == "http://nobody" && code == below ? true : null };
        Assert.Equal("true", Answer("extension('http://x/other').value.subsumes(extension('http://x/other').value)", related, context));
        Assert.Equal("", Answer("extension('http://x/parent').value.subsumes(extension('http://x/child').value)", related, context));
    }

    [Fact]
    public void References_are_resolved_within_a_bundle_and_to_the_contained_resources_of_their_own_entry()
    {
        var bundle = Parse("""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"http://s/fhir/Observation/1","resource":{"resourceType":"Observation","subject":{"reference":"Patient/1"},"performer":[{"reference":"#d"}],
                "contained":[{"resourceType":"Practitioner","id":"d","name":[{"family":"First"}]}]}},
              {"fullUrl":"http://s/fhir/Patient/1","resource":{"resourceType":"Patient","name":[{"family":"Ng"}],"generalPractitioner":[{"reference":"#d"}],
                "contained":[{"resourceType":"Practitioner","id":"d","name":[{"family":"Second"}]}]}},
              {"fullUrl":"urn:uuid:77","resource":{"resourceType":"Basic","subject":{"reference":"urn:uuid:77"},"author":{"reference":"Practitioner/none"}}}]}
            """);
        Assert.Equal("Ng", Answer("entry.resource.ofType(Observation).subject.resolve().name.family", bundle));
        Assert.Equal("First", Answer("entry.resource.ofType(Observation).performer.resolve().name.family", bundle));
        Assert.Equal("Second", Answer("entry.resource.ofType(Patient).generalPractitioner.resolve().name.family", bundle));
        Assert.Equal("Basic", Answer("entry.resource.ofType(Basic).subject.resolve().type().name", bundle));
        Assert.Equal("", Answer("entry.resource.ofType(Basic).author.resolve()", bundle));
    }

    private static string Answer(string expression, JsonElement resource, FhirPathContext? context = null) =>
        string.Join('|', FhirPathExpression.Compile(expression).Evaluate(resource, context));

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
