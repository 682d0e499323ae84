using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Xml;
using Xunit;

namespace FhirFacade.Fhir.Tests.Xml;

public sealed class XmlResourceReaderTests
{
    private const string Space = "xmlns=\"http://hl7.org/fhir\"";
    private const string Div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    [Fact]
    public void Every_kind_of_element_is_read()
    {
        var resource = Read($"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <Patient {Space} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://hl7.org/fhir patient.xsd">
              <id value="a"/>
              <text><status value="generated"/>{Div}<p class='x'>1 &lt; 2 &#160;<br></br></p><!-- kept --></div></text>
              <contained><Basic><id value="b"/><code><text value="c"/></code></Basic></contained>
              <extension url="http://x"><valueDecimal value="1.50"/></extension>
              <active id="i" value="true"/>
              <name id="n"><given value="A"/><given><extension url="http://y"><valueString value=" two&#10;lines&#9;"/></extension></given><given value="C"/></name>
              <deceasedDateTime value="2024"/>
              <multipleBirthInteger value="2"/>
            </Patient>
            """);
        Assert.Equal(JsonNode.Parse("""
            {"resourceType":"Patient","id":"a",
             "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='x'>1 &lt; 2 &#160;<br></br></p><!-- kept --></div>"},
             "contained":[{"resourceType":"Basic","id":"b","code":{"text":"c"}}],
             "extension":[{"url":"http://x","valueDecimal":1.50}],
             "active":true,"_active":{"id":"i"},
             "name":[{"id":"n","given":["A",null,"C"],"_given":[null,{"extension":[{"url":"http://y","valueString":" two\nlines\t"}]},null]}],
             "deceasedDateTime":"2024","multipleBirthInteger":2}
            """)!.ToJsonString(), resource.ToJsonString());
    }

    [Fact]
    public void A_narrative_with_prefixes_gets_the_default_namespace() =>
        Assert.Equal(
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p title=\"a\">b &amp; c</p></div>",
            Narrative("<f:Basic xmlns:f=\"http://hl7.org/fhir\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><f:text><h:div><h:p title='a'>b &amp; c</h:p></h:div></f:text></f:Basic>"));

    [Fact]
    public void A_narrative_is_found_behind_every_kind_of_line_end()
    {
        foreach (var end in new[] { "\n", "\r\n", "\r" })
        {
            Assert.Equal($"{Div}{end}<b>é😀</b></div >", Narrative($"<Basic {Space}>{end}{end}<id value='😀'/>{end}<text>{Div}{end}<b>é😀</b></div ></text></Basic>"));
        }
    }

    [Theory]
    [InlineData("<Patient><id value='a'/></Patient>", "Resource")]
    [InlineData("<Pat xmlns='http://hl7.org/fhir'/>", "Resource")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><nam value='a'/></Patient>", "Patient.nam")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name xmlns='urn:x'/></Patient>", "Patient.name")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><text><div>a</div></text></Patient>", "Patient.text.div")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'>text</Patient>", "Patient")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name><given value='a'>text</given></name></Patient>", "Patient.name[0].given[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><![CDATA[text]]></Patient>", "Patient")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><?pi x?></Patient>", "Patient")]
    [InlineData("<?pi x?><Patient xmlns='http://hl7.org/fhir'/>", "Resource")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir' id='a'/>", "Patient")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name use='a'><text value='b'/></name></Patient>", "Patient.name[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='true' url='x'/></Patient>", "Patient.active")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='1'/></Patient>", "Patient.active")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active/></Patient>", "Patient.active")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name/></Patient>", "Patient.name[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='true'/><active value='true'/></Patient>", "Patient.active")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><active value='true'/><id value='a'/></Patient>", "Patient.id")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><name><text value='b'/></name><active value='true'/></Patient>", "Patient.active")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><deceasedBoolean value='true'/><deceasedDateTime value='2024'/></Patient>", "Patient.deceased.ofType(dateTime)")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='+2'/></Patient>", "Patient.multipleBirth.ofType(integer)")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='02'/></Patient>", "Patient.multipleBirth.ofType(integer)")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='{}'/></Patient>", "Patient.multipleBirth.ofType(integer)")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><contained/></Patient>", "Patient.contained[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><contained><Basic/><Basic/></contained></Patient>", "Patient.contained[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><contained><HumanName/></contained></Patient>", "Patient.contained[0]")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><extension url='u'><url value='x'/></extension></Patient>", "Patient.extension[0].url")]
    [InlineData("<?xml version='1.0' encoding='ISO-8859-1'?><Patient xmlns='http://hl7.org/fhir'/>", "Resource")]
    public void What_has_no_place_is_refused_where_it_stands(string xml, string expression)
    {
        var result = XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml));
        Assert.Null(result.Resource);
        Assert.Equal(expression, Assert.Single(result.Issues).Expression);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><id value='&nbsp;'/></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'><id value='&#1;'/></Patient>")]
    [InlineData("<!DOCTYPE Patient><Patient xmlns='http://hl7.org/fhir'/>")]
    [InlineData("<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Patient xmlns='http://hl7.org/fhir'><id value='&x;'/></Patient>")]
    [InlineData("<!DOCTYPE p [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><Patient xmlns='http://hl7.org/fhir'><id value='&c;'/></Patient>")]
    [InlineData("<Patient xmlns='http://hl7.org/fhir'/><Patient xmlns='http://hl7.org/fhir'/>")]
    public void What_is_not_XML_or_has_a_DTD_is_refused(string xml)
    {
        var issue = Assert.Single(XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml)).Issues);
        Assert.StartsWith("The content is not well-formed XML without a DTD", issue.Diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("passwd", issue.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused() =>
        Assert.Single(XmlResourceReader.Read(Encoding.Unicode.GetBytes($"\uFEFF<Patient {Space}/>")).Issues);

    [Fact]
    public void Long_and_deep_content_is_refused()
    {
        Assert.Equal("too-long", Assert.Single(XmlResourceReader.Read(new byte[11], new ResourceLimits(10, 64)).Issues).Code);

        var deep = $"<Patient {Space}>{Repeat("<extension url='u'>", 100_000)}{Repeat("</extension>", 100_000)}</Patient>";
        Assert.Equal("too-costly", Assert.Single(XmlResourceReader.Read(Encoding.UTF8.GetBytes(deep)).Issues).Code);

        var bundles = $"{Repeat($"<Bundle {Space}><entry><resource>", 50_000)}{Repeat("</resource></entry></Bundle>", 50_000)}";
        Assert.Equal("too-costly", Assert.Single(XmlResourceReader.Read(Encoding.UTF8.GetBytes(bundles)).Issues).Code);

        var narrative = $"<Basic {Space}><text>{Div}{Repeat("<b>", 100_000)}{Repeat("</b>", 100_000)}</div></text></Basic>";
        Assert.NotNull(XmlResourceReader.Read(Encoding.UTF8.GetBytes(narrative)).Resource);
    }

    [Fact]
    public void What_is_as_deep_as_JSON_may_be_is_read_by_both_or_neither()
    {
        for (var depth = 25; depth < 40; depth++)
        {
            var xml = Encoding.UTF8.GetBytes($"<Basic {Space}>{Repeat("<extension url='u'>", depth)}<valueString value='a'/>{Repeat("</extension>", depth)}</Basic>");
            var read = XmlResourceReader.Read(xml);
            using var reference = read.Resource is null ? null : JsonDocument.Parse(read.ToJson(), new JsonDocumentOptions { MaxDepth = 64 });
            Assert.Equal((depth * 2) + 1 <= 64, read.Resource is not null);
        }
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Narrative(string xml) => Read(xml)["text"]!["div"]!.GetValue<string>();

    private static JsonObject Read(string xml)
    {
        var result = XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml));
        Assert.Empty(result.Issues);
        return result.Resource!;
    }
}
