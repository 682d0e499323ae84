using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using Xunit;

namespace FhirFacade.Fhir.Tests.Access;

/// <summary>What is left of a resource, against a removal of elements from its tree.</summary>
public sealed class RedactionTests
{
    private const string Tagged = """{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}""";

    [Theory]
    [InlineData("Patient.telecom", """{"resourceType":"Patient","telecom":[{"value":"1"}],"gender":"male"}""", """{"resourceType":"Patient","gender":"male","meta":TAG}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Patient","gender":"male"}""", """{"resourceType":"Patient","gender":"male","meta":TAG}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Patient","text":{"status":"generated","div":"<div>1</div>"},"gender":"male"}""", """{"resourceType":"Patient","gender":"male","meta":TAG}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Patient","\u0074elecom":[{"value":"1"}],"gender":"male"}""", """{"resourceType":"Patient","gender":"male","meta":TAG}""")]
    [InlineData("Patient.birthDate", """{"resourceType":"Patient","birthDate":"1950","_birthDate":{"id":"b"},"meta":{"versionId":"1"}}""", """{"resourceType":"Patient","meta":{"versionId":"1","tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}}""")]
    [InlineData("Patient.name.family", """{"resourceType":"Patient","name":[{"family":"A","given":["B"]},{"family":"C"}]}""", """{"resourceType":"Patient","name":[{"given":["B"]}],"meta":TAG}""")]
    [InlineData("Patient.name.family", """{"resourceType":"Patient","name":[{"family":"C","_family":{"id":"f"}}]}""", """{"resourceType":"Patient","meta":TAG}""")]
    [InlineData("Patient.contact.name", """{"resourceType":"Patient","contact":[{"name":{"text":"A"},"gender":"male"}],"name":[{"text":"B"}]}""", """{"resourceType":"Patient","contact":[{"gender":"male"}],"name":[{"text":"B"}],"meta":TAG}""")]
    [InlineData("Observation.value", """{"resourceType":"Observation","valueString":"x","_valueString":{"id":"v"},"component":[{"valueString":"y"}]}""", """{"resourceType":"Observation","component":[{"valueString":"y"}],"meta":TAG}""")]
    [InlineData("Observation.value[x]", """{"resourceType":"Observation","valueQuantity":{"value":1}}""", """{"resourceType":"Observation","meta":TAG}""")]
    [InlineData("Observation.valueCodeableConcept", """{"resourceType":"Observation","valueQuantity":{"value":1}}""", """{"resourceType":"Observation","meta":TAG}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Observation","status":"final","contained":[{"resourceType":"Patient","id":"p","telecom":[{"value":"1"}]}]}""", """{"resourceType":"Observation","status":"final","contained":[{"resourceType":"Patient","id":"p","meta":TAG}]}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Observation","contained":[{"id":"p","telecom":[{"value":"1"}],"resourceType":"Patient"}]}""", """{"resourceType":"Observation","contained":[{"id":"p","resourceType":"Patient","meta":TAG}]}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","telecom":[{"value":"1"}]}},{"fullUrl":"u"}]}""", """{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","meta":TAG}},{"fullUrl":"u"}]}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","resource":{"resourceType":"Patient","telecom":[{"value":"1"}]}}]}]}""", """{"resourceType":"Parameters","parameter":[{"name":"a","part":[{"name":"b","resource":{"resourceType":"Patient","meta":TAG}}]}]}""")]
    [InlineData("QuestionnaireResponse.item.answer", """{"resourceType":"QuestionnaireResponse","item":[{"linkId":"1","answer":[{"valueString":"x"}],"item":[{"linkId":"2","answer":[{"valueString":"y"}]}]}]}""", """{"resourceType":"QuestionnaireResponse","item":[{"linkId":"1","item":[{"linkId":"2"}]}],"meta":TAG}""")]
    [InlineData("Patient.name", """{"resourceType":"Observation","subject":{"reference":"Patient/1","display":"Anna"},"note":[{"authorReference":{"display":"Bernd"},"text":"t"}]}""", """{"resourceType":"Observation","subject":{"reference":"Patient/1"},"note":[{"text":"t"}]}""")]
    [InlineData("Patient.telecom", """{"resourceType":"Observation","subject":{"display":"Anna"},"valueQuantity":{"value":13.50}}""", """{"resourceType":"Observation","subject":{"display":"Anna"},"valueQuantity":{"value":13.50}}""")]
    public void What_is_masked_is_gone_and_the_rest_stays_byte_for_byte(string masked, string resource, string left)
    {
        var redacted = Redaction.Of(ElementMask.Of(ElementPath.Normal(masked)!))!.Apply(Encoding.UTF8.GetBytes(resource));
        Assert.Equal(left.Replace("TAG", Tagged, StringComparison.Ordinal), Encoding.UTF8.GetString(redacted.Span));
    }

    [Fact]
    public void What_was_tagged_before_is_not_tagged_again()
    {
        var redaction = Redaction.Of(ElementMask.Of("Patient.telecom"))!;
        var once = redaction.Apply(Encoding.UTF8.GetBytes("""{"resourceType":"Patient","meta":{"tag":[{"code":"a"}]},"telecom":[{"value":"1"}]}"""));
        Assert.Equal(2, JsonNode.Parse(once.Span)!["meta"]!["tag"]!.AsArray().Count);
        Assert.Equal(once.ToArray(), redaction.Apply(once).ToArray());
    }

    [Theory]
    [InlineData("Patient.telecom", "Patient.telecom")]
    [InlineData("Observation.value[x]", "Observation.value")]
    [InlineData("Observation.valueString", "Observation.value")]
    [InlineData("Patient.contact.name.given", "Patient.contact.name.given")]
    [InlineData("Patient.id", null)]
    [InlineData("Patient.meta", null)]
    [InlineData("Patient.resourceType", null)]
    [InlineData("Patient.colour", null)]
    [InlineData("HumanName.family", null)]
    [InlineData("Patient", null)]
    [InlineData("", null)]
    public void A_path_names_an_element_that_can_be_hidden_or_none(string path, string? normal) => Assert.Equal(normal, ElementPath.Normal(path));

    [Fact]
    public void A_mask_that_names_no_element_is_never_used() =>
        Assert.Throws<ArgumentException>(() => Redaction.Of(ElementMask.Of("Patient.colour")));

    [Fact]
    public void Of_every_public_example_no_masked_element_remains_and_everything_else_does()
    {
        var directory = SharedData.Folder("fhir/r4-examples");
        string[] masks = ["Patient.telecom", "Patient.contact.telecom", "Observation.value", "Observation.component.code", "Condition.code", "MedicationRequest.dosageInstruction", "Encounter.participant.individual", "Practitioner.qualification", "Claim.item"];
        var redaction = Redaction.Of(ElementMask.Of(masks))!;
        var changed = 0;
        foreach (var file in System.IO.Directory.EnumerateFiles(directory, "*.json", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            var before = JsonNode.Parse(bytes)!;
            var after = JsonNode.Parse(redaction.Apply(bytes).Span)!;
            changed += JsonNode.DeepEquals(before, after) ? 0 : 1;
            NaiveRedaction.Apply(before, masks);
            Assert.True(JsonNode.DeepEquals(before, after), file);
        }

        Assert.True(changed > 100);
    }
}
