using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Json;
using FhirFacade.Server.Rest;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Names of entries are found by how they begin; the walk along the definitions of the elements says what there is to find.</summary>
public sealed class ReferenceRewriterTests
{
    private const string Known = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
    private const string Search = "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999911579";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal) { [Known] = "Patient/1", [Search] = "Practitioner/2" };

    [Theory]
    [InlineData($$$"""{"resourceType":"Observation","subject":{"reference":"{{{Known}}}","display":"{{{Known}}}"}}""")]
    [InlineData($$$"""{"resourceType":"Observation" , "subject" : { "reference" :  "{{{Known}}}" } , "performer" : [ { "reference" : "{{{Search}}}" } ] }""")]
    [InlineData($$$"""{"resourceType":"Observation","note":[{"text":"\"reference\":\"{{{Known}}}\""}],"subject":{"reference":"{{{Known}}}"}}""")]
    [InlineData($$$"""{"resourceType":"Observation","note":[{"text":"who? \"{{{Search}}}\" and \\"}],"performer":[{"reference":"{{{Search}}}"}]}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"urn:uuid:0c3151bd\u002d1cbf-4d64-b04d-cd9187a4c6e0"}}""")]
    [InlineData("""{"resourceType":"Observation","performer":[{"reference":"Practitioner?identifier=http:\/\/hl7.org\/fhir\/sid\/us-npi|9999911579"}]}""")]
    [InlineData($$$"""{"resourceType":"Observation","subject":{"refer\u0065nce":"{{{Known}}}"}}""")]
    [InlineData($$$"""{"resourceType":"Observation","extension":[{"url":"{{{Known}}}","valueUri":"{{{Known}}}"},{"url":"x","valueString":"{{{Known}}}"},{"url":"x","valueCanonical":"{{{Known}}}"}]}""")]
    [InlineData($$$"""{"resourceType":"Observation","identifier":[{"system":"urn:ietf:rfc:3986","value":"{{{Known}}}"}]}""")]
    [InlineData($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{{{Known}}}\">?</a></div>"}}""")]
    [InlineData($$$"""{"resourceType":"ImplementationGuide","definition":{"resource":[{"reference":{"reference":"{{{Known}}}"}}]}}""")]
    [InlineData($$$"""{"resourceType":"Provenance","policy":["urn:a","{{{Known}}}"],"target":[{"reference":"{{{Known}}}"}]}""")]
    [InlineData($$$"""{"resourceType":"Bundle","link":[{"relation":"self","url":"{{{Known}}}"}],"entry":[{"fullUrl":"{{{Known}}}"}]}""")]
    [InlineData($$$"""{"resourceType":"Observation","subject":{"reference":"{{{Known}}}1"},"device":{"reference":"urn:uuid:"},"focus":[{"reference":"#?"},{"reference":"?"}]}""")]
    [InlineData("""{"resourceType":"Observation"}""")]
    public void What_is_found_by_its_beginning_is_what_the_definitions_name(string resource)
    {
        var bytes = Encoding.UTF8.GetBytes(resource);
        var type = JsonElement.Parse(bytes).GetProperty("resourceType").GetString()!;
        var expected = CanonicalJson.ToBytes(JsonElement.Parse(new ReferenceWalk(Names).Rewrite(bytes, null)));
        Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(CanonicalJson.ToBytes(JsonElement.Parse(new ReferenceRewriter(Names).Rewrite(bytes, type, Known).Span))));
    }

    [Theory]
    [InlineData($$$"""{"performer":[{"reference":"{{{Search}}}"},{"reference":"Patient/1"}]}""", Search)]
    [InlineData($$$"""{"performer":[ { "reference" : "{{{Search}}}" } ] }""", Search)]
    [InlineData("""{"performer":[{"reference":"Practitioner?name=\"x\""}]}""", "Practitioner?name=\"x\"")]
    [InlineData("""{"performer":[{"reference":"Practitioner?identifier=http:\/\/a|1"}]}""", "Practitioner?identifier=http://a|1")]
    [InlineData("""{"performer":[{"reference":"Practition\u0065r?name=x"}]}""", "Practitioner?name=x")]
    [InlineData("""{"note":[{"text":"\"reference\":\"Practitioner?name=x\""}]}""", null)]
    [InlineData("""{"a\"reference":"Practitioner?name=x"}""", null)]
    [InlineData("""{"display":"Practitioner?name=x","reference":"Nothing?name=x"}""", null)]
    public void Searches_are_found_in_references_alone(string resource, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], ReferenceRewriter.Conditional(Encoding.UTF8.GetBytes(resource)));

    [Fact]
    public async Task Public_bundles_are_rewritten_as_the_definitions_name_it()
    {
        Assert.SkipUnless(SyntheaFiles.Paths.Count > 2, "the shared test data (synthea) is not here");
        foreach (var path in SyntheaFiles.Paths.Skip(2).OrderBy(p => new FileInfo(p).Length).Take(3))
        {
            var entries = JsonElement.Parse(await SyntheaFiles.ReadAsync(path)).GetProperty("entry").EnumerateArray().ToList();
            var names = entries.GroupBy(e => e.GetProperty("fullUrl").GetString()!).ToDictionary(g => g.Key, g => $"{g.First().GetProperty("resource").GetProperty("resourceType").GetString()}/{g.Key[9..]}", StringComparer.Ordinal);
            foreach (var search in entries.SelectMany(e => ReferenceRewriter.Conditional(JsonMarshal.GetRawUtf8Value(e))).Distinct())
            {
                names[search] = $"{search[..search.IndexOf('?', StringComparison.Ordinal)]}/found";
            }
            var (walk, rewriter) = (new ReferenceWalk(names), new ReferenceRewriter(names));
            foreach (var resource in entries.Select(e => e.GetProperty("resource")))
            {
                var bytes = JsonMarshal.GetRawUtf8Value(resource).ToArray();
                var rewritten = rewriter.Rewrite(bytes, resource.GetProperty("resourceType").GetString()!, null);
                Assert.Equal(ResourceContent.Hash(JsonElement.Parse(walk.Rewrite(bytes, null))), ResourceContent.Hash(JsonElement.Parse(rewritten.Span)));
            }
        }
    }
}
