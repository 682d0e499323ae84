using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Patch;
using Xunit;

namespace FhirFacade.Fhir.Tests.Patch;

public sealed class JsonPatchTests
{
    private const string Patient = """{"resourceType":"Patient","id":"p","meta":{"versionId":"3","lastUpdated":"2024-01-01T00:00:00Z","tag":[{"code":"t"}]},"active":true,"name":[{"family":"A","given":["B","C"]},{"family":"D"}]}""";

    [Theory]
    [InlineData("""[]""", "/active", "true")]
    [InlineData("""[{"op":"add","path":"/birthDate","value":"2000"}]""", "/birthDate", "\"2000\"")]
    [InlineData("""[{"op":"add","path":"/name/0/given/1","value":"X"}]""", "/name/0/given", """["B","X","C"]""")]
    [InlineData("""[{"op":"add","path":"/name/0/given/2","value":"X"}]""", "/name/0/given", """["B","C","X"]""")]
    [InlineData("""[{"op":"add","path":"/name/0/given/-","value":null}]""", "/name/0/given", """["B","C",null]""")]
    [InlineData("""[{"op":"add","path":"/active","value":1.50}]""", "/active", "1.50")]
    [InlineData("""[{"op":"remove","path":"/name/0"}]""", "/name", """[{"family":"D"}]""")]
    [InlineData("""[{"op":"replace","path":"/name/1/family","value":"E"}]""", "/name/1", """{"family":"E"}""")]
    [InlineData("""[{"op":"move","from":"/name/1","path":"/name/0"}]""", "/name/0", """{"family":"D"}""")]
    [InlineData("""[{"op":"move","from":"/name/0/given","path":"/name/1/given"}]""", "/name/1", """{"family":"D","given":["B","C"]}""")]
    [InlineData("""[{"op":"move","from":"/name/0","path":"/name/0"}]""", "/name/1", """{"family":"D"}""")]
    [InlineData("""[{"op":"copy","from":"/name/1","path":"/name/-"},{"op":"replace","path":"/name/1/family","value":"E"}]""", "/name/2", """{"family":"D"}""")]
    [InlineData("""[{"op":"add","path":"/a~1b~0","value":1},{"op":"move","from":"/a~1b~0","path":"/c"}]""", "/c", "1")]
    [InlineData("""[{"op":"add","path":"/","value":1},{"op":"test","path":"/","value":1.0},{"op":"move","from":"/","path":"/c"}]""", "/c", "1")]
    [InlineData("""[{"op":"test","path":"/name/0","value":{"given":["B","C"],"family":"A"}}]""", "/active", "true")]
    [InlineData("""[{"op":"test","path":"/meta/versionId","value":"3"},{"op":"remove","path":"/active"},{"op":"add","path":"/active","value":false}]""", "/active", "false")]
    public void Operations_change_the_resource(string patch, string place, string expected)
    {
        var result = Apply(patch);
        Assert.Empty(result.Issues);
        var found = place[1..].Split('/').Aggregate((JsonNode?)result.Resource, (node, token) => node is JsonArray array ? array[int.Parse(token, System.Globalization.CultureInfo.InvariantCulture)] : node![token]);
        Assert.Equal(expected, found!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"op":"remove","path":"/nothing"}""")]
    [InlineData("""{"op":"replace","path":"/nothing","value":1}""")]
    [InlineData("""{"op":"remove","path":"/name/2"}""")]
    [InlineData("""{"op":"remove","path":"/name/-"}""")]
    [InlineData("""{"op":"remove","path":"/name/00"}""")]
    [InlineData("""{"op":"add","path":"/name/3","value":{}}""")]
    [InlineData("""{"op":"add","path":"/name/-1","value":{}}""")]
    [InlineData("""{"op":"add","path":"/name/x","value":{}}""")]
    [InlineData("""{"op":"add","path":"/active/x","value":{}}""")]
    [InlineData("""{"op":"add","path":"/nothing/x","value":{}}""")]
    [InlineData("""{"op":"add","path":"active","value":1}""")]
    [InlineData("""{"op":"add","path":"/a~2","value":1}""")]
    [InlineData("""{"op":"add","path":"/a~","value":1}""")]
    [InlineData("""{"op":"add","path":"/active"}""")]
    [InlineData("""{"op":"add","value":1}""")]
    [InlineData("""{"op":"add","path":1,"value":1}""")]
    [InlineData("""{"op":"Add","path":"/active","value":1}""")]
    [InlineData("""{"path":"/active","value":1}""")]
    [InlineData("""{"op":"move","path":"/active"}""")]
    [InlineData("""{"op":"move","from":"/name","path":"/name/0"}""")]
    [InlineData("""{"op":"copy","from":"/nothing","path":"/x"}""")]
    [InlineData("""{"op":"test","path":"/active","value":"true"}""")]
    [InlineData("""{"op":"test","path":"/name/0/given","value":["C","B"]}""")]
    [InlineData("""{"op":"test","path":"/nothing","value":null}""")]
    [InlineData("""{"op":"replace","path":"","value":[]}""")]
    [InlineData("""{"op":"remove","path":""}""")]
    [InlineData("""{"op":"replace","path":"/id","value":"q"}""")]
    [InlineData("""{"op":"remove","path":"/id"}""")]
    [InlineData("""{"op":"replace","path":"/resourceType","value":"Person"}""")]
    [InlineData("""{"op":"replace","path":"","value":{"resourceType":"Patient","id":"q"}}""")]
    [InlineData("""{"op":"add","path":"/x","op":"remove"}""")]
    [InlineData("1")]
    public void What_cannot_be_done_refuses_the_whole_patch(string operation)
    {
        var result = Apply($$"""[{"op":"replace","path":"/active","value":false},{{operation}}]""");
        Assert.Null(result.Resource);
        Assert.Single(result.Issues);
    }

    [Fact]
    public void An_issue_names_the_operation() =>
        Assert.StartsWith("Operation 1 of the patch: ", Apply("""[{"op":"remove","path":"/active"},{"op":"remove","path":"/active"}]""").Issues[0].Diagnostics, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""[{"op":"add","path":"/x","value":"\uD800"}]""")]
    public void What_is_no_patch_is_refused(string patch) => Assert.Single(Apply(patch).Issues);

    [Theory]
    [InlineData("""[{"op":"replace","path":"/meta/versionId","value":"9"}]""")]
    [InlineData("""[{"op":"remove","path":"/meta/lastUpdated"}]""")]
    [InlineData("""[{"op":"replace","path":"/meta","value":{"tag":[{"code":"t"}]}}]""")]
    public void The_version_stays_what_the_server_wrote(string patch) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Patient), Apply(patch).Resource));

    [Fact]
    public void The_input_never_changes_and_the_result_outlives_it()
    {
        PatchResult result;
        using (var document = JsonDocument.Parse(Patient))
        {
            var before = document.RootElement.GetRawText();
            result = JsonPatch.Apply(document.RootElement, Encoding.UTF8.GetBytes("""[{"op":"add","path":"/name/0/given/0","value":"X"}]"""));
            Assert.Equal(before, document.RootElement.GetRawText());
        }

        Assert.Equal(Patient.Replace("[\"B\"", "[\"X\",\"B\"", StringComparison.Ordinal), result.Resource!.ToJsonString());
    }

    [Fact]
    public void Copies_of_copies_and_deep_places_end_soon()
    {
        var doubling = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/name","path":"/name/-"}""", 200));
        Assert.Equal("too-costly", Apply($"[{doubling}]").Issues[0].Code);

        var flat = string.Join(',', Enumerable.Range(0, 200).Select(_ => """{"op":"copy","from":"/meta","path":"/name/-"},{"op":"copy","from":"/name","path":"/meta/x"}"""));
        Assert.Equal("too-costly", Apply($"[{flat}]").Issues[0].Code);

        Assert.Equal("too-costly", Apply($"[{string.Join(',', Enumerable.Repeat("""{"op":"test","path":"/active","value":true}""", JsonPatch.MaxOperations + 1))}]").Issues[0].Code);
        Assert.Equal("too-long", JsonPatch.Apply(default, new byte[11], new ResourceLimits(10, 64)).Issues[0].Code);
    }

    [Fact]
    public void A_large_part_is_not_moved_to_and_fro_for_ever()
    {
        var large = JsonSerializer.SerializeToElement(new { resourceType = "Basic", a = new { list = Enumerable.Repeat(1, 100_000) }, b = new { } });
        var patch = string.Join(',', Enumerable.Repeat("""{"op":"move","from":"/a/list","path":"/b/list"},{"op":"move","from":"/b/list","path":"/a/list"}""", 500));
        Assert.Equal("too-costly", JsonPatch.Apply(large, Encoding.UTF8.GetBytes($"[{patch}]")).Issues[0].Code);
    }

    [Fact]
    public void What_becomes_too_deep_is_refused()
    {
        var value = new StringBuilder().Insert(0, "[", 62).Append(']', 62);
        Assert.Equal("too-costly", Apply($$"""[{"op":"add","path":"/name/0/given","value":{{value}}}]""").Issues[0].Code);
    }

    private static PatchResult Apply(string patch)
    {
        using var document = JsonDocument.Parse(Patient);
        return JsonPatch.Apply(document.RootElement, Encoding.UTF8.GetBytes(patch));
    }
}
