using FhirFacade.Fhir.Narrative;
using Xunit;

namespace FhirFacade.Fhir.Tests.Narrative;

public sealed class NarrativeXhtmlTests
{
    [Theory]
    [InlineData("<p>text</p>")]
    [InlineData("a &lt; b &nbsp; &#160; &eacute;")]
    [InlineData("""<a href="http://example.org/x">x</a> <a name="n"></a> <a href="#local">l</a> <a href="Patient/1">p</a>""")]
    [InlineData("""<img src="data:image/png;base64,AAAA" alt="a"/>""")]
    [InlineData("""<table class="grid" style="color: red; background-image: url(a.png)"><tr><td colspan="2">1</td></tr></table>""")]
    [InlineData("""<!-- a comment --><h2 xml:lang="de">x</h2>""")]
    public void Formatting_is_allowed(string content) => Assert.Null(NarrativeXhtml.Fault(Div(content)));

    [Theory]
    [InlineData("")]
    [InlineData("  &#32; ")]
    [InlineData("<p>not closed")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("x<ScRiPt>1</ScRiPt>")]
    [InlineData("""x<iframe src="http://example.org"/>""")]
    [InlineData("""x<form action="http://example.org"><input/></form>""")]
    [InlineData("""x<object data="x"/>""")]
    [InlineData("""x<link rel="stylesheet" href="http://example.org/a.css"/>""")]
    [InlineData("x<style>p{}</style>")]
    [InlineData("x<base href=\"http://example.org\"/>")]
    [InlineData("""<p onclick="alert(1)">x</p>""")]
    [InlineData("""<p ONCLICK="alert(1)">x</p>""")]
    [InlineData("""<a href="javascript:alert(1)">x</a>""")]
    [InlineData("""<a href=" java&#9;script:alert(1)">x</a>""")]
    [InlineData("""<a href="JaVaScRiPt:alert(1)">x</a>""")]
    [InlineData("""<a href="vbscript:x">x</a>""")]
    [InlineData("""<img src="data:text/html,x"/>""")]
    [InlineData("""<img src="data:image/svg+xml,x"/>""")]
    [InlineData("""<p style="background: url(javascript:alert(1))">x</p>""")]
    [InlineData("""<p style="width: expression(alert(1))">x</p>""")]
    [InlineData("""<p style="w\69 dth: 1">x</p>""")]
    [InlineData("""x<svg xmlns="http://www.w3.org/2000/svg"><p/></svg>""")]
    [InlineData("""x<?php echo 1 ?>""")]
    [InlineData("&unknown;")]
    public void What_could_run_or_load_something_is_not(string content) => Assert.NotNull(NarrativeXhtml.Fault(Div(content)));

    [Theory]
    [InlineData("<div>no namespace</div>")]
    [InlineData("""<p xmlns="http://www.w3.org/1999/xhtml">x</p>""")]
    [InlineData("""<!DOCTYPE div [<!ENTITY a "b">]><div xmlns="http://www.w3.org/1999/xhtml">&a;</div>""")]
    [InlineData("""<!DOCTYPE div SYSTEM "file:///etc/passwd"><div xmlns="http://www.w3.org/1999/xhtml">x</div>""")]
    [InlineData("text")]
    [InlineData("")]
    public void A_narrative_is_one_div_without_a_dtd(string xhtml) => Assert.NotNull(NarrativeXhtml.Fault(xhtml));

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var open = string.Concat(Enumerable.Repeat("<div>", 5000));
        Assert.NotNull(NarrativeXhtml.Fault(Div(open + "x" + open.Replace("<", "</", StringComparison.Ordinal))));
    }

    private static string Div(string content) => $"""<div xmlns="http://www.w3.org/1999/xhtml">{content}</div>""";
}
