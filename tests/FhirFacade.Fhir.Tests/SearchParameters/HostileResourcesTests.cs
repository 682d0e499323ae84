using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.SearchParameters;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.SearchParameters;

/// <summary>Resources of the right names and any content: nothing that parses as JSON may make extraction throw.</summary>
public sealed class HostileResourcesTests
{
    private static readonly string[] types = ["Patient", "Observation", "Encounter", "Coverage", "Provenance", "Group", "Composition", "Bundle", "MolecularSequence", "Task"];

    private static readonly string[] leaves =
    [
        "\"\"", "\"2024-02-30\"", "\"2024-05\"", "\"Patient/1\"", "\"Patient/\"", "\"/\"", "\"#\"", "\"#p\"", "\"http://a/Patient/2|3\"", "\"\\ud800\"", "\"\\u0050atient/1\"",
        "\"|\"", "\"urn:uuid:1\"", "\"9999-12-31T23:59:60.9999999+14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"0000\"", "true", "null", "0", "-0.0", "1e400", "1E-400",
        "79228162514264337593543950335", "0.00000000000000000000000000001", "12345678901234567890123456789012345678901234567890", "5.40", "1e2", "[]", "{}", "[null]", "[[1]]",
    ];

    [Fact]
    public void Extraction_never_throws() => Prop.ForAll(Resources().ToArbitrary(), json =>
    {
        using var document = JsonDocument.Parse(json);
        var type = document.RootElement.GetProperty("resourceType").GetString()!;
        var values = SearchIndexer.Extract(type, document.RootElement);
        _ = PatientCompartment.Of(type, document.RootElement);
        foreach (var value in values)
        {
            Assert.True(value is not DateValue date || date.Low < date.High);
            Assert.True(value is not NumberValue number || number.Low <= number.High);
            Assert.True(value is not QuantityValue quantity || quantity.Low <= quantity.High);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void A_code_that_is_half_a_character_is_no_code()
    {
        using var document = JsonDocument.Parse("""{"resourceType":"Patient","telecom":[{"system":"\ud800","value":"1"},{"system":"phone","value":"2"}]}""");
        Assert.NotEmpty(SearchIndexer.Extract("Patient", document.RootElement));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"Patient\"")]
    [InlineData("null")]
    public void Extraction_of_what_is_no_resource_finds_nothing(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Empty(SearchIndexer.Extract("Patient", document.RootElement));
        Assert.Empty(SearchIndexer.Extract("NoSuchType", document.RootElement));
        Assert.IsType<PatientMembership.None>(PatientCompartment.Of("Observation", document.RootElement));
    }

    private static Gen<string> Resources() =>
        from type in Gen.Elements(types)
        from seed in Gen.Choose(0, int.MaxValue)
        select Resource(type, new System.Random(seed));

    private static string Resource(string type, System.Random random)
    {
        var json = new StringBuilder($"{{\"resourceType\":\"{type}\"");
        AppendElements(json, R4.Definitions.Type(type)!, random, 0);
        return json.Append('}').ToString();
    }

    private static void AppendElements(StringBuilder json, TypeDefinition type, System.Random random, int depth)
    {
        foreach (var element in type.Elements)
        {
            if (random.Next(3) != 0)
            {
                continue;
            }

            var name = TypeDefinition.JsonNamesOf(element).OrderBy(_ => random.Next()).First();
            json.Append(",\"").Append(random.Next(12) == 0 ? "_" : "").Append(name).Append("\":");
            AppendValue(json, type, element, name, random, depth);
        }
    }

    private static void AppendValue(StringBuilder json, TypeDefinition type, ElementDefinition element, string name, System.Random random, int depth)
    {
        if (random.Next(8) == 0 || depth > 4 || !type.TryMatch(name, out var match)
            || R4.Definitions.Type(match.TypeName) is not { Kind: not TypeKind.Primitive } inner)
        {
            var leaf = leaves[random.Next(leaves.Length)];
            json.Append(random.Next(4) == 0 ? $"[{leaf},{leaves[random.Next(leaves.Length)]}]" : leaf);
            return;
        }

        json.Append(element.IsArray ? "[{\"id\":\"x\"" : "{\"id\":\"x\"");
        AppendElements(json, inner, random, depth + 1);
        json.Append(element.IsArray ? "}]" : "}");
    }
}
