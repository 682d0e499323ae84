using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>Limits, strengths of bindings, contexts of extensions and targets of references: kept and broken.</summary>
public sealed class FurtherRulesTests
{
    private const string Base = "http://hl7.org/fhir/StructureDefinition/";
    private const string Text = """ "text": {"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"} """;
    private const string Genders = "http://hl7.org/fhir/ValueSet/administrative-gender";
    private const string Gender = "http://hl7.org/fhir/administrative-gender";

    private static readonly ResourceValidator Validator = ResourceValidator.R4.With(SmallGuide.Of(
        SmallGuide.Profile("limits", "Observation", Base + "Observation", """
            {"id":"Observation.value[x]","minValueQuantity":{"value":10,"system":"http://unitsofmeasure.org","code":"mg"},"maxValueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"g"}},
            {"id":"Observation.issued","minValueInstant":"2020-01-01T00:00:00Z","maxValueInstant":"2030-01-01T00:00:00Z"},
            {"id":"Observation.code.text","maxLength":3},
            {"id":"Observation.component.value[x]","minValueInteger":-2,"maxValueInteger":2}
            """),
        SmallGuide.Profile("targets", "Observation", Base + "Observation", """
            {"id":"Observation.subject","type":[{"code":"Reference","targetProfile":["http://example.org/named","http://hl7.org/fhir/StructureDefinition/Group"]}]}
            """),
        SmallGuide.Profile("named", "Patient", Base + "Patient", """{"id":"Patient.name","min":1},{"id":"Patient.link.other","type":[{"code":"Reference","targetProfile":["http://example.org/named"]}]}"""),
        SmallGuide.Profile("strengths", "Patient", Base + "Patient", $$"""
            {"id":"Patient.maritalStatus","binding":{"strength":"preferred","valueSet":"{{Genders}}","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet","valueCanonical":"http://example.org/wide"}]} }
            """),
        SmallGuide.Profile("only-men", "Extension", Base + "Extension", """{"id":"Extension.url","fixedUri":"http://example.org/only-men"}""", """{"type":"element","expression":"Patient"}""", "\"gender = 'male'\""),
        """{"resourceType":"ValueSet","url":"http://example.org/wide","compose":{"include":[{"system":"http://hl7.org/fhir/administrative-gender"},{"system":"http://example.org/x","concept":[{"code":"a"}]}]}}"""));

    [Theory]
    [InlineData(""" "valueQuantity":{"value":9.9,"system":"http://unitsofmeasure.org","code":"mg"} """, "Observation.value.ofType(Quantity)")]
    [InlineData(""" "valueQuantity":{"value":0.01,"system":"http://unitsofmeasure.org","code":"g"} """, null)]
    [InlineData(""" "valueQuantity":{"value":1001,"system":"http://unitsofmeasure.org","code":"mg"} """, "Observation.value.ofType(Quantity)")]
    [InlineData(""" "valueQuantity":{"value":5,"system":"http://unitsofmeasure.org","code":"m"} """, null)]
    [InlineData(""" "valueString":"9" """, null)]
    [InlineData(""" "issued":"2019-12-31T23:59:59Z" """, "Observation.issued")]
    [InlineData(""" "issued":"2020-01-01T00:00:00+00:00" """, null)]
    [InlineData(""" "issued":"2031-01-01T00:00:00Z" """, "Observation.issued")]
    [InlineData(""" "component":[{"code":{"text":"x"},"valueInteger":2}] """, null)]
    [InlineData(""" "component":[{"code":{"text":"x"},"valueInteger":3}] """, "Observation.component[0].value.ofType(integer)")]
    [InlineData(""" "component":[{"code":{"text":"x"},"valueInteger":-3}] """, "Observation.component[0].value.ofType(integer)")]
    public void A_value_is_within_its_limits(string content, string? location) => AssertErrors(location, Observation("limits", content));

    [Theory]
    [InlineData("abc", null)]
    [InlineData("äöü", null)]
    [InlineData("abcd", "Observation.code.text")]
    public void A_text_is_no_longer_than_allowed(string text, string? location) =>
        AssertErrors(location, Observation("limits", """ "issued":"2024-01-01T00:00:00Z" """).Replace("\"code\":{\"text\":\"x\"},\"i", $"\"code\":{{\"text\":\"{text}\"}},\"i", StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"p","name":[{"text":"n"}]}""", null)]
    [InlineData("""{"resourceType":"Patient","id":"p","active":true}""", "Observation.subject")]
    [InlineData("""{"resourceType":"Group","id":"p","type":"person","actual":true}""", null)]
    [InlineData("""{"resourceType":"Device","id":"p"}""", "Observation.subject")]
    public void What_a_reference_leads_to_conforms_to_a_profile_that_is_allowed(string target, string? location) =>
        AssertErrors(location, Observation("targets", $$""" "subject":{"reference":"#p"},"contained":[{{target}}] """));

    [Fact]
    public void The_target_of_a_reference_is_looked_at_within_its_Bundle_even_where_targets_refer_in_a_circle()
    {
        AssertErrors(null, Bundle("""{"resourceType":"Patient","id":"1","name":[{"text":"n"}],"link":[{"type":"seealso","other":{"reference":"Patient/1"}}]}"""));
        AssertErrors("Bundle.entry[0].resource.subject", Bundle("""{"resourceType":"Patient","id":"1","link":[{"type":"seealso","other":{"reference":"Patient/1"}}]}"""));

        static string Bundle(string patient) => $$"""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"http://example.org/fhir/Observation/o","resource":{{Observation("targets", """ "id":"o","subject":{"reference":"Patient/1"} """)}}},
              {"fullUrl":"http://example.org/fhir/Patient/1","resource":{{patient}} }]}
            """;
    }

    [Fact]
    public void A_target_elsewhere_is_held_to_its_type_alone()
    {
        using var patient = JsonDocument.Parse("""{"resourceType":"Patient","id":"1"}""");
        using var resource = JsonDocument.Parse(Observation("targets", """ "subject":{"reference":"Patient/1"} """));
        Assert.DoesNotContain(Validator.Validate(resource.RootElement, new ValidationRequest([], _ => patient.RootElement)), issue => issue.IsError);
    }

    [Theory]
    [InlineData(Gender, "male", null, null)]
    [InlineData("http://example.org/x", "a", IssueSeverity.Information, "Patient.maritalStatus")]
    [InlineData("http://example.org/x", "b", IssueSeverity.Error, "Patient.maritalStatus")]
    public void Strengths_of_a_binding_have_their_severities(string system, string code, IssueSeverity? severity, string? location)
    {
        var issues = Validate($$"""{"resourceType":"Patient",{{Text}},"meta":{"profile":["http://example.org/strengths"]},"maritalStatus":{"coding":[{"system":"{{system}}","code":"{{code}}"}]} }""")
            .Where(issue => !issue.Diagnostics.Contains("marital-status", StringComparison.Ordinal)).ToList();
        Assert.Equal(severity is null ? [] : [(severity.Value, location)], issues.Select(issue => (issue.Severity, issue.Expression)).Take(1));
    }

    [Theory]
    [InlineData("""{"system":"http://hl7.org/fhir/administrative-gender","code":"male","display":"Male"}""", null)]
    [InlineData("""{"system":"http://hl7.org/fhir/administrative-gender","code":"male","display":" male "}""", null)]
    [InlineData("""{"system":"http://hl7.org/fhir/administrative-gender","code":"male","display":"Man"}""", "Basic.code.coding[0].display")]
    [InlineData("""{"system":"http://hl7.org/fhir/administrative-gender","code":"man"}""", "Basic.code.coding[0].code")]
    [InlineData("""{"system":"http://example.org/unknown","code":"man","display":"Anything"}""", null)]
    public void A_coding_is_one_of_its_system_and_called_so_or_there_is_a_warning(string coding, string? location)
    {
        var issues = Validate($$"""{"resourceType":"Basic",{{Text}},"code":{"coding":[{{coding}}]} }""");
        Assert.Equal(location is null ? [] : [(IssueSeverity.Warning, location)], issues.Where(issue => issue.Severity != IssueSeverity.Information).Select(issue => (issue.Severity, issue.Expression!)));
        Assert.Empty(Validate($$"""{"resourceType":"Basic","language":"de",{{Text}},"code":{"coding":[{"system":"{{Gender}}","code":"male","display":"Mann"}]} }""").Where(issue => issue.Severity == IssueSeverity.Warning));
    }

    [Theory]
    [InlineData("male", null)]
    [InlineData("female", "Patient.extension[0]")]
    public void An_extension_keeps_the_rule_of_its_context(string gender, string? location) =>
        AssertErrors(location, $$"""{"resourceType":"Patient",{{Text}},"extension":[{"url":"http://example.org/only-men","valueCode":"x"}],"gender":"{{gender}}"}""");

    [Fact]
    public void A_modifier_extension_that_is_not_known_is_an_error()
    {
        AssertErrors("Patient.modifierExtension[0]", $$"""{"resourceType":"Patient",{{Text}},"modifierExtension":[{"url":"http://example.org/nobody-knows","valueCode":"x"}]}""");
        AssertErrors(null, $$"""{"resourceType":"Patient",{{Text}},"modifierExtension":[{"url":"http://example.org/only-men","valueCode":"x"}],"gender":"male"}""");
    }

    private static string Observation(string profile, string content) =>
        $$"""{"resourceType":"Observation",{{Text}},"meta":{"profile":["http://example.org/{{profile}}"]},"status":"final","code":{"text":"x"},{{content.Trim()}} }""";

    private static void AssertErrors(string? location, string json) =>
        Assert.Equal(location is null ? [] : [location], Validate(json).Where(issue => issue.IsError && !issue.Expression!.Contains("contained", StringComparison.Ordinal) && issue.ConstraintKey is null).Select(issue => issue.Expression).Distinct());

    private static ImmutableArray<Issue> Validate(string json)
    {
        using var resource = JsonDocument.Parse(json);
        return Validator.Validate(resource.RootElement);
    }
}
