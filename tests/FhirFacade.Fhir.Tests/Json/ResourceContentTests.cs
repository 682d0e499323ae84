using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Json;

public sealed class ResourceContentTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 1, 14, 0, 0, 987, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("""{"resourceType":"Basic","a":1,"b":2}""", """{"b":2, "a":1,"resourceType":"Basic"}""")]
    [InlineData("""{"resourceType":"Basic","a":{"x":[{"c":1,"d":2}]}}""", """{"resourceType":"Basic","a":{"x":[{"d":2,"c":1}]}}""")]
    [InlineData("""{"resourceType":"Basic","a":"\u00e9\/\n"}""", """{"resourceType":"Basic","a":"é/\u000a"}""")]
    [InlineData("""{"resourceType":"Basic","a":"\uD83D\uDE00\u2028"}""", """{"resourceType":"Basic","a":"😀\u2028"}""")]
    [InlineData("""{"resourceType":"Basic","meta":{"versionId":"1","lastUpdated":"x","source":"#a"}}""", """{"resourceType":"Basic"}""")]
    [InlineData("""{"resourceType":"Basic","meta":{"versionId":"1","tag":[]}}""", """{"resourceType":"Basic","meta":{"tag":[],"source":"#b"}}""")]
    [InlineData("""{"resourceType":"Basic","id":"a"}""", """{"resourceType":"Basic","id":"b"}""")]
    public void These_say_the_same(string one, string other) => Assert.Equal(Hash(one), Hash(other));

    [Theory]
    [InlineData("""{"resourceType":"Basic","a":1.0}""", """{"resourceType":"Basic","a":1.00}""")]
    [InlineData("""{"resourceType":"Basic","a":1}""", """{"resourceType":"Basic","a":"1"}""")]
    [InlineData("""{"resourceType":"Basic","a":[1,2]}""", """{"resourceType":"Basic","a":[2,1]}""")]
    [InlineData("""{"resourceType":"Basic","a":[[1],2]}""", """{"resourceType":"Basic","a":[[1,2]]}""")]
    [InlineData("""{"resourceType":"Basic","meta":{"tag":[]}}""", """{"resourceType":"Basic","meta":{"security":[]}}""")]
    [InlineData("""{"resourceType":"Basic","a":{"versionId":"1"}}""", """{"resourceType":"Basic","a":{"versionId":"2"}}""")]
    [InlineData("""{"resourceType":"Basic","a":{"meta":{"source":"1"}}}""", """{"resourceType":"Basic","a":{"meta":{"source":"2"}}}""")]
    [InlineData("""{"resourceType":"Basic","a":{"id":"1"}}""", """{"resourceType":"Basic","a":{"id":"2"}}""")]
    [InlineData("""{"resourceType":"Basic","a":"x"}""", """{"resourceType":"Basic","b":"x"}""")]
    public void These_do_not(string one, string other) => Assert.NotEqual(Hash(one), Hash(other));

    [Fact]
    public void The_hash_is_the_same_for_ever() =>
        Assert.Equal("64C3A176CB2F66894225E7710E45F602", Hash("""{"resourceType":"Patient","id":"x","meta":{"source":"#1"},"active":true,"name":[{"family":"Müller"}]}"""));

    [Fact]
    public void The_order_of_keys_never_matters() => Prop.ForAll(JsonGenerators.Encounter.ToArbitrary(), resource =>
        ResourceContent.Hash(resource).SequenceEqual(ResourceContent.Hash((JsonObject)JsonGenerators.Reversed(resource)!))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stamp_changes_neither_the_hash_nor_anything_but_the_stamped() => Prop.ForAll(JsonGenerators.Encounter.ToArbitrary(), resource =>
    {
        if (resource["meta"] is null)
        {
            resource.Remove("meta");
        }

        var element = JsonSerializer.SerializeToElement(resource);
        using var stamped = JsonDocument.Parse(ResourceContent.Stamp(element, "new", 7, Noon));
        var back = JsonObject.Create(stamped.RootElement)!;
        return ResourceContent.Hash(element).SequenceEqual(ResourceContent.Hash(stamped.RootElement))
            && back["id"]!.GetValue<string>() == "new" && back["meta"]!["versionId"]!.GetValue<string>() == "7"
            && resource.All(property => property.Key is "id" or "meta" || JsonNode.DeepEquals(property.Value, back[property.Key]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stamped_resource_begins_with_what_the_server_knows_and_goes_on_as_it_came()
    {
        using var resource = JsonDocument.Parse("""{ "a": 1.00, "meta": { "tag": [ ], "versionId": "old" }, "id": "old", "b" : { "x":  "\u00e9" }, "resourceType": "Basic" }""");

        Assert.Equal(
            """{"resourceType":"Basic","id":"new-1","meta":{"versionId":"12","lastUpdated":"2024-05-01T12:00:00.987Z","tag":[ ]},"a":1.00,"b":{ "x":  "\u00e9" }}""",
            Encoding.UTF8.GetString(ResourceContent.Stamp(resource.RootElement, "new-1", 12, Noon)));
    }

    [Fact]
    public void A_stamp_keeps_the_id_that_is_there()
    {
        using var resource = JsonDocument.Parse("""{"resourceType":"Basic","id":"kept"}""");

        Assert.Contains("\"id\":\"kept\"", Encoding.UTF8.GetString(ResourceContent.Stamp(resource.RootElement, 1, Noon)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Basic"}""", "a\"b")]
    [InlineData("""{"resourceType":"Basic"}""", "")]
    [InlineData("""{"id":"a"}""", "a")]
    [InlineData("""{"resourceType":"Basic","meta":[]}""", "a")]
    public void What_cannot_be_stamped_is_a_mistake_of_the_caller(string json, string id)
    {
        using var resource = JsonDocument.Parse(json);

        Assert.Throws<ArgumentException>(() => ResourceContent.Stamp(resource.RootElement, id, 1, Noon));
    }

    [Fact]
    public void Bytes_are_written_without_needless_escapes() =>
        Assert.Equal("{\"a\":\"é<'\"}", Encoding.UTF8.GetString(ResourceContent.ToBytes(new JsonObject { ["a"] = "é<'" })));

    [Fact]
    public void Canonical_bytes_read_back_as_the_same_content()
    {
        using var resource = JsonDocument.Parse("""{ "b": [1.10, 1E+2, {}], "a": "\u00e9\"" }""");

        Assert.Equal("""{"a":"é\"","b":[1.10,1E+2,{}]}""", Encoding.UTF8.GetString(CanonicalJson.ToBytes(resource.RootElement)));
    }

    private static string Hash(string json)
    {
        using var document = JsonDocument.Parse(json);
        var hash = ResourceContent.Hash(document.RootElement);
        Assert.Equal(ResourceContent.HashLength, hash.Length);
        return Convert.ToHexString(hash);
    }
}
