using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>Each rule of profiles, on small profiles of our own (differential only).</summary>
public sealed class ProfileRulesTests
{
    private const string Patient = """ "resourceType": "Patient", "text": {"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"} """;

    [Theory]
    [InlineData("""{"id":"Patient.birthDate","min":1}""", """ "gender":"male" """, "Patient.birthDate")]
    [InlineData("""{"id":"Patient.name","max":"1"}""", """ "name":[{"text":"a"},{"text":"b"}] """, "Patient.name")]
    [InlineData("""{"id":"Patient.photo","max":"0"}""", """ "photo":[{"title":"a"}] """, "Patient.photo")]
    [InlineData("""{"id":"Patient.name.family","min":1}""", """ "name":[{"family":"a"},{"text":"b"}] """, "Patient.name[1].family")]
    [InlineData("""{"id":"Patient.deceased[x]","type":[{"code":"dateTime"}]}""", """ "deceasedBoolean":true """, "Patient.deceased.ofType(boolean)")]
    [InlineData("""{"id":"Patient.gender","fixedCode":"female"}""", """ "gender":"male" """, "Patient.gender")]
    [InlineData("""{"id":"Patient.gender","fixedCode":"female"}""", """ "_gender":{"extension":[{"url":"http://example.org/e","valueCode":"x"}]} """, "Patient.gender")]
    [InlineData("""{"id":"Patient.maritalStatus","patternCodeableConcept":{"coding":[{"code":"M"}]}}""", """ "maritalStatus":{"coding":[{"code":"S"}]} """, "Patient.maritalStatus")]
    [InlineData("""{"id":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}}""", """ "maritalStatus":{"coding":[{"system":"http://example.org","code":"M"}]} """, "Patient.maritalStatus")]
    [InlineData("""{"id":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}}""", """ "maritalStatus":{"text":"married"} """, "Patient.maritalStatus")]
    [InlineData("""{"id":"Patient.generalPractitioner","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}""", """ "generalPractitioner":[{"reference":"Organization/1"}] """, "Patient.generalPractitioner[0]")]
    [InlineData("""{"id":"Patient.generalPractitioner","type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Practitioner"]}]}""", """ "generalPractitioner":[{"reference":"#o"}],"contained":[{"resourceType":"Organization","id":"o","name":"n"}] """, "Patient.generalPractitioner[0]")]
    [InlineData("""{"id":"Patient.name","constraint":[{"key":"x-1","severity":"error","expression":"family.exists() or text.exists()"}]}""", """ "name":[{"given":["a"]}] """, "Patient.name[0]")]
    [InlineData("""{"id":"Patient","constraint":[{"key":"x-2","severity":"error","expression":"name.exists()"}]}""", """ "gender":"male" """, "Patient")]
    public void A_rule_that_is_broken_is_reported_at_its_place(string element, string content, string location)
    {
        Assert.Contains(Errors(element, content), issue => issue.Expression == location);
        Assert.Empty(Errors("""{"id":"Patient.active"}""", content));
    }

    [Fact]
    public void A_broken_constraint_is_named_by_its_key()
    {
        var issue = Assert.Single(Errors("""{"id":"Patient","constraint":[{"key":"x-2","severity":"error","expression":"name.exists()"}]}""", """ "gender":"male" """));
        Assert.Equal(("x-2", IssueType.Invariant), (issue.ConstraintKey, issue.Code));
    }

    [Fact]
    public void Advice_is_a_warning_and_what_cannot_be_evaluated_too()
    {
        var issues = Validate("""{"id":"Patient","constraint":[{"key":"x-3","severity":"warning","expression":"name.exists()"},{"key":"x-4","severity":"error","expression":"not ( fhirpath"}]}""", """ "gender":"male" """);
        Assert.Equal([("x-3", IssueSeverity.Warning), ("x-4", IssueSeverity.Warning)], issues.Select(issue => (issue.ConstraintKey!, issue.Severity)));
    }

    [Fact]
    public void An_extensible_binding_and_an_unknown_profile_are_warnings()
    {
        var issues = Validate(
            """{"id":"Patient.maritalStatus","binding":{"strength":"extensible","valueSet":"http://hl7.org/fhir/ValueSet/administrative-gender"}}""",
            """ "maritalStatus":{"coding":[{"system":"http://example.org","code":"M"}]} """, "http://example.org/other");
        Assert.Equal(["Patient.meta.profile[1]", "Patient.maritalStatus", "Patient.maritalStatus"], issues.Select(issue => issue.Expression).OrderByDescending(place => place!.Contains("meta", StringComparison.Ordinal)));
        Assert.All(issues, issue => Assert.Equal(IssueSeverity.Warning, issue.Severity));
    }

    [Fact]
    public void A_profile_of_another_type_cannot_be_claimed() => Assert.Contains(
        Validate("""{"id":"Patient.active"}""", """ "gender":"male" """, "http://hl7.org/fhir/StructureDefinition/vitalsigns"),
        issue => issue is { IsError: true, Expression: "Patient.meta.profile[1]" });

    // By value.
    [Theory]
    [InlineData("value", "system", """{"id":"Patient.telecom:a","min":1,"max":"1"},{"id":"Patient.telecom:a.system","min":1,"fixedCode":"phone"},{"id":"Patient.telecom:a.value","min":1}""", """{"system":"phone","value":"1"},{"system":"email","value":"2"}""", null)]
    [InlineData("value", "system", """{"id":"Patient.telecom:a","min":1,"max":"1"},{"id":"Patient.telecom:a.system","fixedCode":"phone"}""", """{"system":"email","value":"2"}""", "Patient.telecom")]
    [InlineData("value", "system", """{"id":"Patient.telecom:a","min":1,"max":"1"},{"id":"Patient.telecom:a.system","fixedCode":"phone"}""", """{"system":"phone","value":"1"},{"system":"phone","value":"2"}""", "Patient.telecom")]
    [InlineData("value", "system", """{"id":"Patient.telecom:a"},{"id":"Patient.telecom:a.system","fixedCode":"phone"},{"id":"Patient.telecom:a.rank","min":1}""", """{"system":"email","value":"2"},{"system":"phone","value":"2"}""", "Patient.telecom[1].rank")]

    // By required binding.
    [InlineData("value", "use", """{"id":"Patient.telecom:a","max":"0"},{"id":"Patient.telecom:a.use","binding":{"strength":"required","valueSet":"http://example.org/home"}}""", """{"system":"fax","value":"2","use":"home"}""", "Patient.telecom")]
    [InlineData("value", "use", """{"id":"Patient.telecom:a","max":"0"},{"id":"Patient.telecom:a.use","binding":{"strength":"required","valueSet":"http://example.org/home"}}""", """{"system":"fax","value":"2","use":"work"}""", null)]

    // By pattern of the item itself.
    [InlineData("pattern", "$this", """{"id":"Patient.telecom:a","min":1,"patternContactPoint":{"system":"phone","use":"home"}}""", """{"system":"phone","value":"1","use":"home"}""", null)]
    [InlineData("pattern", "$this", """{"id":"Patient.telecom:a","min":1,"patternContactPoint":{"system":"phone","use":"home"}}""", """{"system":"phone","value":"1","use":"work"}""", "Patient.telecom")]

    // By being there.
    [InlineData("exists", "rank", """{"id":"Patient.telecom:a","max":"1"},{"id":"Patient.telecom:a.rank","min":1},{"id":"Patient.telecom:b"},{"id":"Patient.telecom:b.rank","max":"0"},{"id":"Patient.telecom:b.use","min":1}""", """{"system":"phone","value":"1"}""", "Patient.telecom[0].use")]
    [InlineData("exists", "rank", """{"id":"Patient.telecom:a","max":"0"},{"id":"Patient.telecom:a.rank","min":1}""", """{"system":"phone","value":"1","rank":1}""", "Patient.telecom")]

    // By an extension.
    [InlineData("value", "extension('http://example.org/level').value", """{"id":"Patient.telecom:a","max":"0"},{"id":"Patient.telecom:a.extension:level","type":[{"code":"Extension","profile":["http://example.org/level"]}]}""", """{"extension":[{"url":"http://example.org/level","valueCode":"x"}],"system":"phone","value":"1"}""", "Patient.telecom")]
    public void Slices_are_told_apart_by_their_discriminator(string type, string path, string slices, string telecoms, string? location)
    {
        var slicing = $$"""{"id":"Patient.telecom","slicing":{"discriminator":[{"type":"{{type}}","path":"{{path}}"}],"rules":"open"} }""";
        Assert.Equal(location is null ? [] : [location], Errors($"{slicing},{slices}", $""" "telecom":[{telecoms}] """).Select(issue => issue.Expression));
    }

    [Theory]
    [InlineData("closed", false, """{"system":"email","value":"1"}""", "Patient.telecom[0]")]
    [InlineData("closed", false, """{"system":"phone","value":"1"},{"system":"fax","value":"1"}""", null)]
    [InlineData("openAtEnd", false, """{"system":"email","value":"1"},{"system":"phone","value":"1"}""", "Patient.telecom[1]")]
    [InlineData("openAtEnd", false, """{"system":"phone","value":"1"},{"system":"email","value":"1"}""", null)]
    [InlineData("open", true, """{"system":"fax","value":"1"},{"system":"phone","value":"1"}""", "Patient.telecom[1]")]
    [InlineData("open", true, """{"system":"email","value":"1"},{"system":"phone","value":"1"},{"system":"fax","value":"1"}""", null)]
    public void Slices_stand_where_they_may(string rules, bool ordered, string telecoms, string? location)
    {
        var elements = $$"""
            {"id":"Patient.telecom","slicing":{"discriminator":[{"type":"value","path":"system"}],"ordered":{{(ordered ? "true" : "false")}},"rules":"{{rules}}"} },
            {"id":"Patient.telecom:phone"},{"id":"Patient.telecom:phone.system","fixedCode":"phone"},
            {"id":"Patient.telecom:fax"},{"id":"Patient.telecom:fax.system","fixedCode":"fax"}
            """;
        Assert.Equal(location is null ? [] : [location], Errors(elements, $""" "telecom":[{telecoms}] """).Select(issue => issue.Expression));
    }

    [Theory]
    [InlineData("type", "resolve()", "Organization", "Patient.generalPractitioner")]
    [InlineData("type", "resolve()", "Practitioner", null)]
    [InlineData("profile", "resolve()", "Practitioner", null)]
    public void References_are_told_apart_by_what_they_lead_to(string type, string path, string target, string? location)
    {
        var elements = $$"""
            {"id":"Patient.generalPractitioner","slicing":{"discriminator":[{"type":"{{type}}","path":"{{path}}"}],"rules":"open"} },
            {"id":"Patient.generalPractitioner:org","max":"0","type":[{"code":"Reference","targetProfile":["http://example.org/named-organization"]}]}
            """;
        var name = target == "Organization" ? """ ,"name":"n" """ : "";
        Assert.Equal(
            location is null ? [] : [location],
            Errors(elements, $$""" "generalPractitioner":[{"reference":"#x"}],"contained":[{"resourceType":"{{target}}","id":"x"{{name}}}] """).Where(issue => issue.ConstraintKey is null && issue.Expression == "Patient.generalPractitioner").Select(issue => issue.Expression));
    }

    [Fact]
    public void A_slice_by_profile_takes_what_conforms_to_it()
    {
        const string Elements = """
            {"id":"Patient.generalPractitioner","slicing":{"discriminator":[{"type":"profile","path":"resolve()"}],"rules":"open"}},
            {"id":"Patient.generalPractitioner:org","max":"0","type":[{"code":"Reference","targetProfile":["http://example.org/named-organization"]}]}
            """;
        const string Reference = """ "generalPractitioner":[{"reference":"#x"}],"contained":[{"resourceType":"Organization","id":"x",PART}] """;

        Assert.Contains(Errors(Elements, Reference.Replace("PART", "\"name\":\"n\"", StringComparison.Ordinal)), issue => issue.Expression == "Patient.generalPractitioner");
        Assert.DoesNotContain(Errors(Elements, Reference.Replace("PART", "\"alias\":[\"n\"],\"identifier\":[{\"value\":\"1\"}]", StringComparison.Ordinal)), issue => issue.Expression == "Patient.generalPractitioner");
    }

    [Fact]
    public void A_choice_is_sliced_by_its_type()
    {
        const string Elements = """
            {"id":"Patient.deceased[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"}},
            {"id":"Patient.deceased[x]:deceasedDateTime","type":[{"code":"dateTime"}]}
            """;
        Assert.Equal("Patient.deceased.ofType(boolean)", Assert.Single(Errors(Elements, """ "deceasedBoolean":true """)).Expression);
        Assert.Empty(Errors(Elements, """ "deceasedDateTime":"2024" """));
    }

    [Theory]
    [InlineData("""{"url":"http://example.org/level","valueString":"x"}""", "Patient.extension[0].value.ofType(string)")]
    [InlineData("""{"url":"http://example.org/level"}""", "Patient.extension[0].value")]
    [InlineData("""{"url":"http://example.org/only-address","valueCode":"x"}""", "Patient.extension[0]")]
    public void An_extension_keeps_its_definition_and_its_place(string extension, string location) =>
        Assert.Contains(Errors("""{"id":"Patient.active"}""", $""" "extension":[{extension}] """), issue => issue.Expression == location);

    [Fact]
    public void An_extension_that_is_not_known_is_a_warning() => Assert.Equal(
        ("Patient.extension[0]", IssueSeverity.Warning, IssueType.Extension),
        Assert.Single(Validate("""{"id":"Patient.active"}""", """ "extension":[{"url":"http://example.org/nobody-knows","valueCode":"x"}] """)) is var issue ? (issue.Expression, issue.Severity, issue.Code) : default);

    [Fact]
    public void A_profile_is_held_to_its_base_too()
    {
        var package = Package("""{"id":"Patient.birthDate","min":1}""");
        var validator = ResourceValidator.R4.With(package);
        using var resource = JsonDocument.Parse($$"""{ {{Patient}}, "meta":{"profile":["http://example.org/derived"]} }""");

        Assert.Equal(["Patient.birthDate", "Patient.name"], validator.Validate(resource.RootElement).Where(issue => issue.IsError).Select(issue => issue.Expression));
    }

    [Fact]
    public void A_profile_can_be_asked_for_that_is_not_claimed()
    {
        var validator = ResourceValidator.R4.With(Package("""{"id":"Patient.birthDate","min":1}"""));
        using var resource = JsonDocument.Parse($$"""{ {{Patient}} }""");

        Assert.Empty(validator.Validate(resource.RootElement));
        Assert.Equal("Patient.birthDate", Assert.Single(validator.Validate(resource.RootElement, new ValidationRequest(["http://example.org/profile"]))).Expression);
    }

    [Fact]
    public void Profiles_that_lead_in_a_circle_come_to_an_end()
    {
        var package = SmallGuide.Of(
            SmallGuide.Profile("a", "Patient", "http://example.org/b", """{"id":"Patient.active"}"""),
            SmallGuide.Profile("b", "Patient", "http://example.org/a", """{"id":"Patient.active"}"""));
        using var resource = JsonDocument.Parse($$"""{ {{Patient}}, "meta":{"profile":["http://example.org/a"]} }""");

        Assert.Contains(ResourceValidator.R4.With(package).Validate(resource.RootElement), issue => issue.Code == IssueType.TooCostly);
    }

    private static IEnumerable<Issue> Errors(string elements, string content) => Validate(elements, content).Where(issue => issue.IsError);

    private static ImmutableArray<Issue> Validate(string elements, string content, string? otherProfile = null)
    {
        var other = otherProfile is null ? "" : $",\"{otherProfile}\"";
        using var resource = JsonDocument.Parse($$"""{ {{Patient}}, "meta":{"profile":["http://example.org/profile"{{other}}]}, {{content}} }""");
        return ResourceValidator.R4.With(Package(elements)).Validate(resource.RootElement);
    }

    private static Package Package(string elements) => SmallGuide.Of(
    [
        SmallGuide.Profile("profile", "Patient", "http://hl7.org/fhir/StructureDefinition/Patient", elements),
        SmallGuide.Profile("derived", "Patient", "http://example.org/profile", """{"id":"Patient.name","min":1}"""),
        SmallGuide.Profile("named-organization", "Organization", "http://hl7.org/fhir/StructureDefinition/Organization", """{"id":"Organization.name","min":1}"""),
        SmallGuide.Profile("level", "Extension", "http://hl7.org/fhir/StructureDefinition/Extension", """{"id":"Extension.url","fixedUri":"http://example.org/level"},{"id":"Extension.value[x]","min":1,"type":[{"code":"code"}],"patternCode":"x"}"""),
        SmallGuide.Profile("only-address", "Extension", "http://hl7.org/fhir/StructureDefinition/Extension", """{"id":"Extension.url","fixedUri":"http://example.org/only-address"}""", """{"type":"element","expression":"Address"}"""),
        """{"resourceType":"ValueSet","url":"http://example.org/home","compose":{"include":[{"system":"http://hl7.org/fhir/contact-point-use","concept":[{"code":"home"}]}]}}""",
    ]);
}
