using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.FhirPath;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Tests.Packages;
using FhirFacade.Fhir.Validation;
using FhirFacade.Fhir.Xml;
using Xunit;

namespace FhirFacade.Fhir.Tests.Fuzz;

/// <summary>Small inputs that would be large, deep or endless if they were believed; under the limits that a server has.</summary>
public sealed class BombsTests
{
    private const string Xhtml = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    public static TheoryData<string> Deep => new(
        "{\"resourceType\":\"Basic\",\"a\":" + new string('[', 1_000_000),
        "{\"resourceType\":\"Basic\",\"a\":" + new string('[', 500_000) + new string(']', 500_000) + "}",
        "{\"resourceType\":\"Basic\",\"extension\":[" + string.Concat(Enumerable.Repeat("{\"extension\":[", 100_000)),
        string.Concat(Enumerable.Repeat("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":", 50_000)));

    public static TheoryData<string> Entities => new(
        """<!DOCTYPE Basic [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Basic xmlns="http://hl7.org/fhir"><id value="&c;"/></Basic>""",
        """<!DOCTYPE Basic [<!ENTITY a "&a;">]><Basic xmlns="http://hl7.org/fhir"><id value="&a;"/></Basic>""",
        """<!DOCTYPE Basic SYSTEM "file:///etc/passwd"><Basic xmlns="http://hl7.org/fhir"/>""",
        """<!DOCTYPE Basic [<!ENTITY % a SYSTEM "http://127.0.0.1:1/a"> %a;]><Basic xmlns="http://hl7.org/fhir"/>""",
        """<!DOCTYPE Basic [<!ENTITY a SYSTEM "file:///etc/passwd">]><Basic xmlns="http://hl7.org/fhir"><id value="1"/><language value="&a;"/></Basic>""",
        """<Basic xmlns="http://hl7.org/fhir"><id value="&a;"/></Basic>""");

    [Theory]
    [MemberData(nameof(Deep), DisableDiscoveryEnumeration = true)]
    public void Nesting_in_JSON_ends_at_the_limit(string json)
    {
        using var result = ResourceParser.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Equal(IssueType.TooCostly, Assert.Single(result.Issues).Code);
    }

    [Theory]
    [MemberData(nameof(Entities))]
    public void Entities_in_XML_are_neither_expanded_nor_fetched(string xml)
    {
        var result = XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml));
        Assert.Equal(IssueType.Structure, Assert.Single(result.Issues).Code);
        Assert.DoesNotContain("root:", result.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<contained><Bundle><entry><resource><Basic>")]
    [InlineData("<extension url=\"x\">")]
    public void Nesting_in_XML_ends_at_the_limit(string piece)
    {
        var xml = "<Basic xmlns=\"http://hl7.org/fhir\">" + string.Concat(Enumerable.Repeat(piece, 100_000));
        Assert.Null(XmlResourceReader.Read(Encoding.UTF8.GetBytes(xml)).Resource);
    }

    [Fact]
    public void A_narrative_as_deep_as_can_be_ends_no_process()
    {
        const int depth = 200_000;
        var div = Xhtml + string.Concat(Enumerable.Repeat("<b>", depth)) + "x" + string.Concat(Enumerable.Repeat("</b>", depth)) + "</div>";
        using var parsed = ResourceParser.Parse(ResourceContent.ToBytes(new JsonObject
        {
            ["resourceType"] = "Basic", ["text"] = new JsonObject { ["status"] = "generated", ["div"] = div }, ["code"] = new JsonObject { ["text"] = "x" },
        }));

        Assert.DoesNotContain(ResourceValidator.R4.Validate(parsed.Document!.RootElement), issue => issue.Code == IssueType.Exception);
        var written = XmlResourceWriter.Write(parsed.Document.RootElement);
        if (written.Xml is not null)
        {
            Assert.Equal(div, XmlResourceReader.Read(written.Xml).Resource?["text"]?["div"]?.GetValue<string>());
        }
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("-", "1", "")]
    [InlineData("name.where(", "true", ")")]
    [InlineData("iif(true, ", "1", ")")]
    [InlineData("1 + ", "1", "")]
    [InlineData("", "name", ".given")]
    [InlineData("", "name", "[0]")]
    [InlineData("1 | ", "2", "")]
    [InlineData("true implies ", "true", "")]
    [InlineData("", "1", " is Integer")]
    [InlineData("/*", "", "*/1")]
    public void Nesting_in_FHIRPath_ends_at_the_limit(string open, string inner, string close)
    {
        var text = string.Concat(Enumerable.Repeat(open, 5000)) + inner + string.Concat(Enumerable.Repeat(close, 5000));
        Assert.Throws<FhirPathSyntaxException>(() => FhirPathExpression.Compile(text));
    }

    [Theory]
    [InlineData("descendants().select(%resource.descendants().select(%resource.descendants()))")]
    [InlineData("repeat($this | $this.children())")]
    [InlineData("(1|2|3|4|5|6|7|8|9).aggregate($total + $total + $total, 'xxxxxxxx')")]
    [InlineData("name.repeat('x' + $this)")]
    [InlineData("'xxxxxxxxxx'.replace('', 'yyyyyyyyyy').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').replace('', 'zzzzzzzzzz').length()")]
    [InlineData("(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28).aggregate($total.combine($total), 1 | 2).count()")]
    [InlineData("(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30).aggregate($total & $total, 'x').length()")]
    [InlineData("(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30).aggregate($total.replaceMatches('.', '$0$0'), 'x').length()")]
    [InlineData("(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30).aggregate($total.encode('hex').encode('base64'), 'x').length()")]
    [InlineData("(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20 | 21 | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30).aggregate(($total | 'a').join($total), 'x').length()")]
    [InlineData("('x' & 'a').matches('^(([a-z])+.)+[A-Z]([a-z])+$')")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.replaceMatches('^(a+)+$', 'x')")]
    [InlineData("2.power(100000)")]
    [InlineData("1000000000.power(1000000000)")]
    public void An_evaluation_that_would_not_end_is_an_error_or_an_answer(string text)
    {
        using var parsed = ResourceParser.Parse("{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"a\",\"b\",\"c\"],\"family\":\"d\"}],\"birthDate\":\"2024\",\"telecom\":[{\"value\":\"1\"},{\"value\":\"2\"}]}"u8.ToArray());
        var error = Record.Exception(() => FhirPathExpression.Compile(text).Evaluate(parsed.Document!.RootElement));
        Assert.True(error is null or FhirPathEvaluationException or FhirPathSyntaxException, error?.GetType().Name);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void A_package_with_anything_but_files_is_refused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "package/a.json");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            entry.LinkName = "/etc/passwd";
        }

        Assert.Contains("links and devices", Assert.Single(PackageLoader.Load(PackageBuilder.Of([entry])).Issues).Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gzip_bomb_in_a_gzip_bomb_is_refused()
    {
        var zeros = PackageBuilder.Gzip(new byte[64 << 20]);
        Assert.Equal(IssueType.TooCostly, Assert.Single(PackageLoader.Load(zeros).Issues).Code);
        Assert.Null(PackageLoader.Load(PackageBuilder.Gzip(zeros.ToArray())).Package);
    }

    [Fact]
    public void Ten_thousands_of_empty_entries_are_refused()
    {
        var entries = Enumerable.Range(0, 20_001).Select(number => (TarEntry)new UstarTarEntry(TarEntryType.RegularFile, $"package/{number}.json"));
        Assert.Null(PackageLoader.Load(PackageBuilder.Of(entries)).Package);
    }
}
