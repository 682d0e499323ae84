using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FhirFacade.Fhir.Patch;
using FhirFacade.Fhir.Xml;
using Xunit;

namespace FhirFacade.Fhir.Tests.Patch;

/// <summary>
/// The patch cases of the FHIR test suite. XML Patch (RFC 5261), whose cases stand in a file beside these, is not offered:
/// resources are patched as JSON, and by FHIRPath.
/// </summary>
public sealed class OfficialCasesTests
{
    [Fact]
    public void Every_FHIRPath_Patch_case_has_its_outcome()
    {
        var cases = XDocument.Load(Path.Combine(SharedData.Folder("fhir/fhir-test-cases/r4/patch"), "fhir-patch-tests.xml"), LoadOptions.PreserveWhitespace).Root!.Elements("case").ToList();
        Assert.Equal(33, cases.Count);
        Assert.Equal([], cases.Select(one => (one.Attribute("name")!.Value, WrongFhirPath(one))).Where(pair => pair.Item2 is not null));
    }

    [Fact]
    public void Every_JSON_Patch_case_has_its_outcome()
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Folder("fhir/fhir-test-cases/r4/patch"), "json-patch-tests.json")));
        Assert.Equal(16, cases.RootElement.GetArrayLength());
        Assert.Equal([], cases.RootElement.EnumerateArray().Select(one => (one.GetProperty("comment").GetString(), WrongJson(one))).Where(pair => pair.Item2 is not null));
    }

    private static string? WrongFhirPath(XElement one)
    {
        var input = Json(one.Element("input")!);
        var before = input.GetRawText();
        var result = FhirPathPatch.Apply(input, Json(one.Element("diff")!));
        if (one.Element("error") is not null)
        {
            return result.Resource is null && result.Issues.Length == 1 ? null : "not refused";
        }

        return result.Resource is null ? "refused: " + result.Issues[0]
            : !JsonNode.DeepEquals(JsonObject.Create(Json(one.Element("output")!)), result.Resource) ? "another result: " + result.Resource.ToJsonString()
            : input.GetRawText() != before ? "the input has changed"
            : null;
    }

    private static string? WrongJson(JsonElement one)
    {
        var result = JsonPatch.Apply(one.GetProperty("doc"), one.GetProperty("patch"));
        return one.TryGetProperty("expected", out var expected)
            ? result.Resource is not null && JsonNode.DeepEquals(JsonObject.Create(expected), result.Resource) ? null : "another result"
            : result.Resource is null && result.Issues.Length == 1 ? null : "not refused";
    }

    private static JsonElement Json(XElement holder)
    {
        var result = XmlResourceReader.Read(Encoding.UTF8.GetBytes(holder.Elements().Single().ToString(SaveOptions.DisableFormatting)));
        Assert.Empty(result.Issues);
        return JsonSerializer.SerializeToElement(result.Resource);
    }
}
