using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using Xunit;

namespace FhirFacade.Fhir.Tests.Json;

public sealed class MergePatchTests
{
    [Theory]
    // Absent leaves, null deletes, present replaces the whole element.
    [InlineData("""{"gender":"female"}""", """{"active":true}""", """{"gender":"female","active":true}""")]
    [InlineData("""{"gender":"female","active":true}""", """{"gender":null}""", """{"active":true}""")]
    [InlineData("""{"name":[{"family":"A","given":["B"]},{"family":"C"}]}""", """{"name":[{"family":"D"}]}""", """{"name":[{"family":"D"}]}""")]
    [InlineData("""{"maritalStatus":{"text":"m","coding":[{"code":"M"}]}}""", """{"maritalStatus":{"text":"s"}}""", """{"maritalStatus":{"text":"s"}}""")]
    [InlineData("""{}""", """{"gender":null}""", """{}""")]
    // A primitive and its extensions are one element.
    [InlineData("""{"birthDate":"1980","_birthDate":{"id":"b"}}""", """{"birthDate":"1981"}""", """{"birthDate":"1981"}""")]
    [InlineData("""{"birthDate":"1980","_birthDate":{"id":"b"}}""", """{"birthDate":null}""", """{}""")]
    [InlineData("""{"birthDate":"1980"}""", """{"_birthDate":{"extension":[{"url":"u","valueCode":"c"}]}}""", """{"_birthDate":{"extension":[{"url":"u","valueCode":"c"}]}}""")]
    // A choice removes its sibling types; a null one does not.
    [InlineData("""{"deceasedDateTime":"2024","_deceasedDateTime":{"id":"d"}}""", """{"deceasedBoolean":true}""", """{"deceasedBoolean":true}""")]
    [InlineData("""{"deceasedDateTime":"2024"}""", """{"deceasedBoolean":null}""", """{"deceasedDateTime":"2024"}""")]
    [InlineData("""{"deceasedBoolean":true}""", """{"deceasedDateTime":"2024","deceasedBoolean":null}""", """{"deceasedDateTime":"2024"}""")]
    [InlineData("""{"multipleBirthInteger":2}""", """{"deceasedBoolean":true}""", """{"multipleBirthInteger":2,"deceasedBoolean":true}""")]
    // Nulls inside what is new are only left out.
    [InlineData("""{}""", """{"name":[{"family":"A","suffix":null}],"photo":[{"title":null}]}""", """{"name":[{"family":"A"}]}""")]
    [InlineData("""{}""", """{"name":[{"given":["A",null],"_given":[null,{"id":"x"}]}]}""", """{"name":[{"given":["A",null],"_given":[null,{"id":"x"}]}]}""")]
    // meta is replaced, but for what the store writes.
    [InlineData("""{"meta":{"versionId":"3","lastUpdated":"2024-01-01T00:00:00Z","source":"#a","tag":[{"code":"t"}]}}""", """{"meta":{"source":"#b","versionId":"9"}}""", """{"meta":{"versionId":"3","lastUpdated":"2024-01-01T00:00:00Z","source":"#b"}}""")]
    [InlineData("""{"meta":{"versionId":"3","source":"#a"}}""", """{"meta":null}""", """{"meta":{"versionId":"3"}}""")]
    [InlineData("""{"meta":{"source":"#a"}}""", """{"gender":"male"}""", """{"meta":{"source":"#a"},"gender":"male"}""")]
    // The resource stays who it is.
    [InlineData("""{"id":"a"}""", """{"id":"b"}""", """{"id":"a"}""")]
    [InlineData("""{"id":"a"}""", """{"id":null}""", """{"id":"a"}""")]
    [InlineData("""{}""", """{"id":"b"}""", """{"id":"b"}""")]
    public void A_patient_after_a_message(string stored, string incoming, string expected) => AssertMerged("Patient", stored, incoming, expected);

    [Theory]
    [InlineData("""{"period":{"start":"2024-01-01"}}""", """{"period":{"end":"2024-01-02"}}""", """{"period":{"start":"2024-01-01","end":"2024-01-02"}}""")]
    [InlineData("""{"period":{"start":"2024-01-01","end":"2024-01-02"}}""", """{"period":{"end":null}}""", """{"period":{"start":"2024-01-01"}}""")]
    [InlineData("""{"period":{"end":"2024-01-02","_end":{"id":"e"}}}""", """{"period":{"end":null}}""", """{}""")]
    [InlineData("""{"period":{"start":"2024-01-01"}}""", """{"period":null}""", """{}""")]
    [InlineData("""{}""", """{"period":{"start":"2024-01-01","end":null}}""", """{"period":{"start":"2024-01-01"}}""")]
    [InlineData("""{"location":[{"location":{"reference":"Location/a"},"period":{"start":"2024"}}]}""", """{"location":[{"location":{"reference":"Location/a"},"period":{"end":"2025"}}]}""", """{"location":[{"location":{"reference":"Location/a"},"period":{"end":"2025"}}]}""")]
    public void A_period_merges_inside_where_it_does_not_repeat(string stored, string incoming, string expected) => AssertMerged("Encounter", stored, incoming, expected);

    [Fact]
    public void Without_a_stored_resource_the_message_is_the_resource() =>
        AssertEqual("""{"resourceType":"Patient","id":"a","gender":"male"}""", MergePatch.Apply(null, Object("""{"resourceType":"Patient","id":"a","gender":"male","birthDate":null}""")));

    [Fact]
    public void Neither_argument_is_changed()
    {
        var (stored, incoming) = (Object("""{"resourceType":"Encounter","period":{"start":"2024"}}"""), Object("""{"resourceType":"Encounter","period":{"end":"2025"},"status":null}"""));
        var (before, message) = (stored.ToJsonString(), incoming.ToJsonString());

        MergePatch.Apply(stored, incoming)["period"]!["start"] = "changed";

        Assert.Equal((before, message), (stored.ToJsonString(), incoming.ToJsonString()));
    }

    [Fact]
    public void A_message_of_another_type_is_a_mistake_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => MergePatch.Apply(Object("""{"resourceType":"Patient"}"""), Object("""{"resourceType":"Encounter"}""")));
        Assert.Throws<ArgumentException>(() => MergePatch.Apply(null, Object("""{"resourceType":"Nothing"}""")));
    }

    [Fact]
    public void Content_that_is_stored_as_it_came_loses_its_nulls() =>
        AssertEqual(
            """{"resourceType":"Observation","component":[{"valueString":"x"}]}""",
            MergePatch.WithoutNulls(Object("""{"resourceType":"Observation","status":null,"note":[null,{"text":null}],"component":[{"valueString":"x","code":{"text":null}}]}""")));

    private static void AssertMerged(string type, string stored, string incoming, string expected)
    {
        var merged = MergePatch.Apply(Object(stored, type), Object(incoming, type));
        AssertEqual(Object(expected, type).ToJsonString(), merged);
        AssertEqual(merged.ToJsonString(), MergePatch.Apply(merged, Object(incoming, type)));
    }

    private static JsonObject Object(string json, string? type = null)
    {
        var read = (JsonObject)JsonNode.Parse(json)!;
        if (type is not null)
        {
            read["resourceType"] = type;
        }

        return read;
    }

    private static void AssertEqual(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual.ToJsonString()}");
}
