using System.Text;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Json;

public sealed class ResourceParserTests
{
    [Fact]
    public void A_resource_is_parsed_with_or_without_a_byte_order_mark()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"resourceType":"Basic","id":"é\uD83D\uDE00"}""");

        using var plain = ResourceParser.Parse(bytes);
        using var marked = ResourceParser.Parse((byte[])[.. Encoding.UTF8.Preamble, .. bytes]);

        Assert.Equal("é😀", plain.Document!.RootElement.GetProperty("id").GetString());
        Assert.Equal("é😀", marked.Document!.RootElement.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"a","id":"b"}""", "Patient.id")]
    [InlineData("""{"resourceType":"Patient","name":[{},{"family":"a","given":[],"family":"a"}]}""", "Patient.name[1].family")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"extension":[{"url":"a","\u0075rl":"b"}]}}""", "Patient.birthDate.extension[0].url")]
    [InlineData("""{"resourceType":"Patient","contact":{"a b":1,"a b":2}}""", "Patient.contact")]
    [InlineData("""{"resourceType":"Bundle","resourceType":"Bundle"}""", "Bundle.resourceType")]
    public void A_key_that_occurs_twice_is_reported_at_its_place(string json, string location)
    {
        using var result = Parse(json);

        Assert.Null(result.Document);
        Assert.Equal(location, Assert.Single(result.Issues).Expression);
    }

    [Fact]
    public void Keys_that_occur_twice_are_found_in_large_objects_too()
    {
        var keys = string.Concat(Enumerable.Range(0, 5000).Select(number => $",\"k{number}\":1"));
        using var without = Parse($"{{\"resourceType\":\"Basic\"{keys}}}");
        using var with = Parse($"{{\"resourceType\":\"Basic\"{keys},\"k17\":2}}");

        Assert.NotNull(without.Document);
        Assert.Equal("Basic.k17", Assert.Single(with.Issues).Expression);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"resourceType":1}""")]
    [InlineData("""{"resourceType":"Basic",}""")]
    [InlineData("""{"resourceType":"Basic"} x""")]
    [InlineData("""{"resourceType":"Basic"/* note */}""")]
    [InlineData("""{"resourceType":"Basic","id":"\uD83D"}""")]
    [InlineData("""{"resourceType":"Basic","id":"\uDE00\uD83D"}""")]
    [InlineData("""{"resourceType":"Basic","id":"\\\uD83D\\uDE00"}""")]
    [InlineData("""{"resourceType":"Basic","\udc00":1}""")]
    public void What_is_no_JSON_resource_is_one_structure_issue(string json)
    {
        using var result = Parse(json);

        Assert.Null(result.Document);
        Assert.Equal(IssueType.Structure, Assert.Single(result.Issues).Code);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        using var result = ResourceParser.Parse((byte[])[.. "{\"resourceType\":\"Basic\",\"id\":\""u8, 0xE9, .. "\"}"u8]);

        Assert.Equal(IssueType.Structure, Assert.Single(result.Issues).Code);
    }

    [Fact]
    public void Size_and_depth_have_limits()
    {
        var limits = new ResourceLimits(100, 5);

        using var fits = Parse("""{"resourceType":"Basic","a":[[[[1]]]]}""", limits);
        using var deep = Parse("""{"resourceType":"Basic","a":[[[[[1]]]]]}""", limits);
        using var bomb = Parse("{\"a\":" + new string('[', 90), limits);
        using var @long = Parse("{\"resourceType\":\"Basic\",\"a\":\"" + new string('a', 100) + "\"}", limits);

        Assert.NotNull(fits.Document);
        Assert.Equal(IssueType.TooCostly, Assert.Single(deep.Issues).Code);
        Assert.Equal(IssueType.TooCostly, Assert.Single(bomb.Issues).Code);
        Assert.Equal(IssueType.TooLong, Assert.Single(@long.Issues).Code);
    }

    [Fact]
    public void Issues_never_repeat_the_content()
    {
        using var result = Parse("""{"resourceType":"Patient","birthDate":"1980-01-01","name":Muster}""");

        Assert.DoesNotContain("Muster", result.Issues.Single().Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("M", result.Issues.Single().Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_there_is_a_document_or_an_issue_and_the_texts_can_be_read()
    {
        var pieces = Gen.Elements("{", "}", "[", "]", ":", ",", "\"resourceType\"", "\"Basic\"", "\"a\"", "1", "1.5e3", "null", "true", "\"\\ud83d", "\\ude00", "\\u00e9\"", "\\", "\"", " ", "é");
        Prop.ForAll(pieces.ListOf().Select(list => string.Concat(list.Prepend("{\"resourceType\":\"Basic\",\"x\":"))).ToArbitrary(), json =>
        {
            using var result = Parse(json);
            return result.Document is null ? result.Issues.Length > 0 : result.Issues.Length == 0 && result.Document.RootElement.EnumerateObject().All(property => property.Value.ToString() is not null);
        }).QuickCheckThrowOnFailure();
    }

    private static ResourceParseResult Parse(string json, ResourceLimits? limits = null) => ResourceParser.Parse(Encoding.UTF8.GetBytes(json), limits);
}
