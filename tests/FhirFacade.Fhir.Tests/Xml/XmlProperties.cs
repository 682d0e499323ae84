using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Xml;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace FhirFacade.Fhir.Tests.Xml;

public sealed class XmlProperties
{
    private static readonly Gen<string> Texts =
        from pieces in Gen.Elements("a", " ", "\t", "\n", "\r", "\r\n", "<", ">", "&", "&amp;", "\"", "'", "]]>", "é", "😀", "\u00a0", "\u2028", "\ufffd", "{", "--").ArrayOf()
        select string.Concat(pieces);

    private static readonly Gen<string> Numbers = Gen.Elements("0", "-0", "0.0", "1.50", "-1.5e10", "1E+2", "100000000000000000000000000000000000001", "0.00000000000000000000000000000000010");

    private static readonly Gen<JsonObject> Resources =
        from texts in Texts.ArrayOf(5)
        from number in Numbers
        from markup in Texts
        from holes in Gen.Choose(0, 3).ArrayOf(4)
        select Build(texts, number, markup, holes);

    [Fact]
    public void What_is_written_is_read_again_to_the_last_character() =>
        Prop.ForAll(Resources.ToArbitrary(), resource => Assert.Null(OfficialExamplesTests.Difference(JsonSerializer.SerializeToUtf8Bytes(resource))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_broken_document_is_refused_and_never_throws() =>
        Prop.ForAll(Resources.ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), Gen.Elements('<', '>', '/', '"', ' ', 'x', '&').ToArbitrary(), (resource, at, character) =>
        {
            using var document = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(resource));
            var xml = new StringBuilder(Encoding.UTF8.GetString(XmlResourceWriter.Write(document.RootElement).Xml!));
            xml[at % xml.Length] = character;
            var result = XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml.ToString()));
            Assert.Equal(result.Resource is null, !result.Issues.IsEmpty);
        }).QuickCheckThrowOnFailure();

    private static JsonObject Build(string[] texts, string number, string markup, int[] holes) => new()
    {
        ["resourceType"] = "Observation",
        ["text"] = new JsonObject { ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\" title='{Escape(texts[0]).Replace("'", "&apos;", StringComparison.Ordinal)}'>{Escape(markup)}<i /></div>" },
        ["code"] = new JsonObject { ["id"] = texts[1], ["text"] = texts[2] },
        ["valueQuantity"] = new JsonObject { ["value"] = JsonNode.Parse(number), ["unit"] = texts[3] },
        ["component"] = new JsonArray(new JsonObject
        {
            ["code"] = new JsonObject { ["text"] = string.Create(CultureInfo.InvariantCulture, $"{holes.Length}") },
            ["valueSampledData"] = new JsonObject { ["data"] = texts[4] },
        }),
        ["contained"] = new JsonArray(Names(holes)),
    };

    // Values and extensions side by side, one or both of them at each place.
    private static JsonObject Names(int[] holes)
    {
        var given = new JsonArray([.. holes.Select(hole => hole == 1 ? null : (JsonNode)"v")]);
        var shadows = new JsonArray([.. holes.Select(hole => hole == 1 || hole == 2 ? (JsonNode)new JsonObject { ["id"] = "s" } : null)]);
        var name = new JsonObject();
        if (holes.Any(hole => hole != 1))
        {
            name["given"] = given;
        }

        if (holes.Any(hole => hole is 1 or 2))
        {
            name["_given"] = shadows;
        }

        return new JsonObject { ["resourceType"] = "Patient", ["name"] = new JsonArray(name) };
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("]]>", "]]&gt;", StringComparison.Ordinal);
}
