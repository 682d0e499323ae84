using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Patch;
using FhirFacade.Fhir.Tests.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Patch;

public sealed class PatchProperties
{
    private static readonly Gen<JsonObject> Documents = JsonGenerators.Encounter;

    private static readonly Gen<string> Pointers =
        from tokens in Gen.Elements("status", "period", "start", "x", "y", "0", "1", "-", "~1", "", "type").ArrayOf()
        select string.Concat(tokens.Take(3).Select(token => "/" + token));

    private static readonly Gen<JsonObject> Operations =
        from op in Gen.Elements("add", "remove", "replace", "move", "copy", "test")
        from path in Pointers
        from source in Pointers
        from value in Gen.Elements("1", "null", "{\"x\":[1]}", "[]")
        select new JsonObject { ["op"] = op, ["path"] = path, ["from"] = source, ["value"] = JsonNode.Parse(value) };

    private static readonly Arbitrary<(JsonObject Document, JsonObject[] Patch)> Cases =
        (from document in Documents from patch in Operations.ArrayOf() select (document, patch)).ToArbitrary();

    [Fact]
    public void A_patch_is_done_whole_or_not_at_all_and_never_changes_its_input() => Prop.ForAll(Cases, one =>
    {
        var document = JsonSerializer.SerializeToElement(one.Document);
        var patch = JsonSerializer.SerializeToElement(one.Patch);
        var before = document.GetRawText();
        var result = JsonPatch.Apply(document, patch);
        Assert.Equal(before, document.GetRawText());
        Assert.Equal(result.Resource is null, result.Issues.Length == 1);
        if (result.Resource is null)
        {
            return;
        }

        // What a whole patch does its halves do one after the other.
        var half = one.Patch.Length / 2;
        var first = JsonPatch.Apply(document, JsonSerializer.SerializeToElement(one.Patch[..half]));
        var second = JsonPatch.Apply(JsonSerializer.SerializeToElement(first.Resource), JsonSerializer.SerializeToElement(one.Patch[half..]));
        Assert.True(JsonNode.DeepEquals(result.Resource, second.Resource));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_added_can_be_tested_and_removed_again() => Prop.ForAll(Cases, one =>
    {
        var document = JsonSerializer.SerializeToElement(one.Document);
        using var patch = JsonDocument.Parse("""[{"op":"add","path":"/new~1name","value":[1.0]},{"op":"test","path":"/new~1name/0","value":1},{"op":"remove","path":"/new~1name"}]""");
        return JsonNode.DeepEquals(one.Document, JsonPatch.Apply(document, patch.RootElement).Resource);
    }).QuickCheckThrowOnFailure();
}
