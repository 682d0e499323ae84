using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Patch;
using FhirFacade.Fhir.Validation;
using Xunit;

namespace FhirFacade.Fhir.Tests.Patch;

public sealed class FhirPathPatchTests
{
    private const string Patient = """
        {"resourceType":"Patient","id":"p","meta":{"versionId":"3"},"active":true,"_birthDate":{"id":"b"},
         "contained":[{"resourceType":"Organization","id":"o","name":"O"}],
         "name":[{"use":"official","given":["A",null,"C"],"_given":[null,{"id":"g"},{"id":"h"}]},{"text":"T"}],
         "deceasedBoolean":false,"contact":[{"gender":"male"}]}
        """;

    [Theory]
    [InlineData("add", "Patient", "maritalStatus", "\"valueCodeableConcept\":{\"text\":\"m\"}", "maritalStatus", """{"text":"m"}""")]
    [InlineData("add", "Patient", "multipleBirth", "\"valueInteger\":2", "multipleBirthInteger", "2")]
    [InlineData("add", "Patient", "multipleBirthBoolean", "\"valueBoolean\":true", "multipleBirthBoolean", "true")]
    [InlineData("add", "Patient", "gender", "\"valueCode\":\"male\",\"_valueCode\":{\"id\":\"x\"}", "_gender", """{"id":"x"}""")]
    [InlineData("add", "Patient.name[1]", "given", "\"valueString\":\"X\"", "name", """[{"use":"official","given":["A",null,"C"],"_given":[null,{"id":"g"},{"id":"h"}]},{"text":"T","given":["X"]}]""")]
    [InlineData("add", "Patient.name[0]", "given", "\"valueString\":\"X\"", "name", """[{"use":"official","given":["A",null,"C","X"],"_given":[null,{"id":"g"},{"id":"h"},null]},{"text":"T"}]""")]
    [InlineData("add", "Patient", "contained", "\"resource\":{\"resourceType\":\"Basic\",\"id\":\"q\",\"code\":{\"text\":\"c\"}}", "contained", """[{"resourceType":"Organization","id":"o","name":"O"},{"resourceType":"Basic","id":"q","code":{"text":"c"}}]""")]
    [InlineData("add", "Patient.contained[0]", "active", "\"valueBoolean\":true", "contained", """[{"resourceType":"Organization","id":"o","name":"O","active":true}]""")]
    [InlineData("add", "Patient", "link", "\"part\":[{\"name\":\"other\",\"valueReference\":{\"reference\":\"Patient/2\"}},{\"name\":\"type\",\"valueCode\":\"refer\"}]", "link", """[{"other":{"reference":"Patient/2"},"type":"refer"}]""")]
    [InlineData("replace", "Patient.deceased", "", "\"valueDateTime\":\"2024\"", "deceasedDateTime", "\"2024\"")]
    [InlineData("replace", "Patient.name.given[1]", "", "\"valueString\":\"X\"", "name", """[{"use":"official","given":["A","X","C"],"_given":[null,null,{"id":"h"}]},{"text":"T"}]""")]
    [InlineData("replace", "Patient.name.where(use = 'official').given.first()", "", "\"valueString\":\"X\"", "name", """[{"use":"official","given":["X",null,"C"],"_given":[null,{"id":"g"},{"id":"h"}]},{"text":"T"}]""")]
    [InlineData("replace", "Patient.birthDate", "", "\"valueDate\":\"2000\"", "birthDate", "\"2000\"")]
    [InlineData("delete", "Patient.name.given[1]", "", "", "name", """[{"use":"official","given":["A","C"],"_given":[null,{"id":"h"}]},{"text":"T"}]""")]
    [InlineData("delete", "Patient.name[1].text", "", "", "name", """[{"use":"official","given":["A",null,"C"],"_given":[null,{"id":"g"},{"id":"h"}]}]""")]
    [InlineData("delete", "Patient.contact.gender", "", "", "contact", null)]
    [InlineData("delete", "Patient.photo", "", "", "active", "true")]
    [InlineData("delete", "Patient.birthDate.id", "", "", "_birthDate", null)]
    [InlineData("delete", "Patient.name.given[1].id", "", "", "name", """[{"use":"official","given":["A","C"],"_given":[null,{"id":"h"}]},{"text":"T"}]""")]
    [InlineData("delete", "Patient.contained[0].name", "", "", "contained", """[{"resourceType":"Organization","id":"o"}]""")]
    public void Operations_change_the_resource(string type, string path, string name, string value, string property, string? expected)
    {
        var result = Apply(Operation(type, path, name, value));
        Assert.Empty(result.Issues);
        Assert.Equal(expected, result.Resource![property]?.ToJsonString());
    }

    [Fact]
    public void An_extension_can_be_added_to_a_primitive()
    {
        var result = Apply(Operation("add", "Patient.birthDate", "extension", """ "part":[{"name":"url","valueUri":"http://x"},{"name":"value","valueInteger":1}] """));
        Assert.Empty(result.Issues);
        Assert.Equal("""{"id":"b","extension":[{"url":"http://x","valueInteger":1}]}""", result.Resource!["_birthDate"]!.ToJsonString());
        Assert.DoesNotContain(StructureValidator.Validate(JsonSerializer.SerializeToElement(result.Resource)), issue => issue.Expression!.StartsWith("Patient.birthDate", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_are_inserted_into_and_moved_with_what_belongs_to_their_items()
    {
        var result = Apply(
            Operation("insert", "Patient.name[0].given", "", "\"valueString\":\"X\"", "{\"name\":\"index\",\"valueInteger\":0}"),
            Operation("move", "Patient.name[0].given", "", "", "{\"name\":\"source\",\"valueInteger\":2}", "{\"name\":\"destination\",\"valueInteger\":0}"),
            Operation("insert", "Patient.photo", "", "\"valueAttachment\":{\"url\":\"u\"}", "{\"name\":\"index\",\"valueInteger\":0}"));
        Assert.Empty(result.Issues);
        Assert.Equal("""{"use":"official","given":[null,"X","A","C"],"_given":[{"id":"g"},null,null,{"id":"h"}]}""", result.Resource!["name"]![0]!.ToJsonString());
        Assert.Equal("""[{"url":"u"}]""", result.Resource["photo"]!.ToJsonString());
    }

    [Theory]
    [InlineData("add", "Patient", "active", "\"valueBoolean\":true", "")]
    [InlineData("add", "Patient", "deceased", "\"valueDateTime\":\"2024\"", "")]
    [InlineData("add", "Patient", "birthDate", "\"valueDate\":\"2024\"", "")]
    [InlineData("add", "Patient", "nothing", "\"valueBoolean\":true", "")]
    [InlineData("add", "Patient", "gender", "\"valueBoolean\":true", "")]
    [InlineData("add", "Patient", "maritalStatus", "\"valueHumanName\":{\"text\":\"a\"}", "")]
    [InlineData("add", "Patient", "multipleBirth", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient", "contact", "\"valueHumanName\":{\"text\":\"a\"}", "")]
    [InlineData("add", "Patient", "gender", "", "")]
    [InlineData("add", "Patient.birthDate", "extension", "\"valueString\":\"X\"", "")]
    [InlineData("add", "Patient", "", "\"valueCode\":\"male\"", "")]
    [InlineData("add", "Patient.name", "text", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient.maritalStatus", "text", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient.name.count()", "text", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient.name[0", "text", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient.name.single()", "text", "\"valueString\":\"a\"", "")]
    [InlineData("add", "Patient", "link", "\"part\":[{\"name\":\"type\",\"valueCode\":\"refer\"},{\"name\":\"type\",\"valueCode\":\"refer\"}]", "")]
    [InlineData("delete", "Patient.name", "", "", "")]
    [InlineData("delete", "Patient", "", "", "")]
    [InlineData("delete", "Patient.id", "", "", "")]
    [InlineData("replace", "Patient.id", "", "\"valueId\":\"q\"", "")]
    [InlineData("replace", "Patient.gender", "", "\"valueCode\":\"male\"", "")]
    [InlineData("replace", "Patient", "", "\"valueCode\":\"male\"", "")]
    [InlineData("replace", "Patient.active", "", "\"valueString\":\"true\"", "")]
    [InlineData("insert", "Patient.name", "", "\"valueHumanName\":{\"text\":\"a\"}", "{\"name\":\"index\",\"valueInteger\":3}")]
    [InlineData("insert", "Patient.name", "", "\"valueHumanName\":{\"text\":\"a\"}", "{\"name\":\"index\",\"valueInteger\":-1}")]
    [InlineData("insert", "Patient.name", "", "\"valueHumanName\":{\"text\":\"a\"}", "")]
    [InlineData("insert", "Patient.name[0]", "", "\"valueHumanName\":{\"text\":\"a\"}", "{\"name\":\"index\",\"valueInteger\":0}")]
    [InlineData("insert", "Patient.active", "", "\"valueBoolean\":true", "{\"name\":\"index\",\"valueInteger\":0}")]
    [InlineData("insert", "Patient.gender", "", "\"valueCode\":\"male\"", "{\"name\":\"index\",\"valueInteger\":0}")]
    [InlineData("move", "Patient.name", "", "", "{\"name\":\"source\",\"valueInteger\":0}")]
    [InlineData("move", "Patient.name", "", "", "{\"name\":\"source\",\"valueInteger\":0},{\"name\":\"destination\",\"valueInteger\":2}")]
    [InlineData("copy", "Patient.name", "", "", "")]
    [InlineData("", "Patient.name", "", "", "")]
    [InlineData("delete", "", "", "", "")]
    public void What_cannot_be_done_refuses_the_whole_patch(string type, string path, string name, string value, string more)
    {
        var result = Apply(Operation("replace", "Patient.active", "", "\"valueBoolean\":false"), Operation(type, path, name, value, more));
        Assert.Null(result.Resource);
        var issue = Assert.Single(result.Issues);
        Assert.True(issue.Expression == "Parameters.parameter[1]" || issue.Code == "business-rule");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":{}}""")]
    [InlineData("""{"resourceType":"Parameters","parameter":[{"name":"other"}]}""")]
    public void What_is_no_patch_is_refused(string patch)
    {
        using var parameters = JsonDocument.Parse(patch);
        using var resource = JsonDocument.Parse(Patient);
        Assert.NotEmpty(FhirPathPatch.Apply(resource.RootElement, parameters.RootElement).Issues);
    }

    [Fact]
    public void The_input_never_changes_and_the_version_stays()
    {
        using var resource = JsonDocument.Parse(Patient);
        var before = resource.RootElement.GetRawText();
        using var patch = JsonDocument.Parse(Parameters(Operation("delete", "Patient.meta", "", ""), Operation("delete", "Patient.name[0]", "", "")));
        var result = FhirPathPatch.Apply(resource.RootElement, patch.RootElement);
        Assert.Equal(before, resource.RootElement.GetRawText());
        Assert.Equal("""{"versionId":"3"}""", result.Resource!["meta"]!.ToJsonString());
        Assert.Single((JsonArray)result.Resource["name"]!);
    }

    [Fact]
    public void Every_element_of_a_resource_can_be_found_by_its_own_path_and_deleted()
    {
        using var resource = JsonDocument.Parse(Patient);
        foreach (var path in new[] { "Patient.active", "Patient.birthDate", "Patient.contained[0]", "Patient.name[0].use", "Patient.name[0].given[0]", "Patient.name[0].given[2].id", "Patient.name[1]", "Patient.deceased", "Patient.contact[0]" })
        {
            using var patch = JsonDocument.Parse(Parameters(Operation("delete", path, "", "")));
            var result = FhirPathPatch.Apply(resource.RootElement, patch.RootElement);
            Assert.Empty(result.Issues);
            // The patient has primitives with nothing but an id, which ele-1 forbids.
            Assert.All(StructureValidator.Validate(JsonSerializer.SerializeToElement(result.Resource)), issue => Assert.Contains("ele-1", issue.Diagnostics, StringComparison.Ordinal));
            Assert.False(JsonNode.DeepEquals(result.Resource, JsonNode.Parse(Patient)), path);
        }
    }

    private static PatchResult Apply(params string[] operations)
    {
        using var resource = JsonDocument.Parse(Patient);
        using var patch = JsonDocument.Parse(Parameters(operations));
        return FhirPathPatch.Apply(resource.RootElement, patch.RootElement);
    }

    private static string Parameters(params string[] operations) => $$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', operations)}}]}""";

    private static string Operation(string type, string path, string name, string value, params string[] more)
    {
        List<string> parts = [];
        Add("type", "valueCode", type);
        Add("path", "valueString", path);
        Add("name", "valueString", name);
        if (value.Length > 0)
        {
            parts.Add($$"""{"name":"value",{{value}}}""");
        }

        parts.AddRange(more.Where(part => part.Length > 0));
        return $$"""{"name":"operation"{{(parts.Count > 0 ? $",\"part\":[{string.Join(',', parts)}]" : "")}}}""";

        void Add(string part, string kind, string text)
        {
            if (text.Length > 0)
            {
                parts.Add($$"""{"name":"{{part}}","{{kind}}":"{{text}}"}""");
            }
        }
    }
}
