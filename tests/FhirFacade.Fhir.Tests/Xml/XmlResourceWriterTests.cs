using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Xml;
using Xunit;

namespace FhirFacade.Fhir.Tests.Xml;

public sealed class XmlResourceWriterTests
{
    [Fact]
    public void Elements_are_written_in_the_order_of_their_definition()
    {
        using var json = JsonDocument.Parse("""
            {"birthDate":"2000","_birthDate":{"extension":[{"valueInteger":1,"url":"http://x","id":"e"}],"id":"d"},
             "contained":[{"id":"b","resourceType":"Basic"}],"name":[{"given":["A",null],"id":"n","_given":[null,{"id":"g"}]}],
             "text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">é<br/></div>"},"id":"a","resourceType":"Patient"}
            """);
        Assert.Equal(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\" />"
            + "<text><div xmlns=\"http://www.w3.org/1999/xhtml\">é<br/></div></text>"
            + "<contained><Basic><id value=\"b\" /></Basic></contained>"
            + "<name id=\"n\"><given value=\"A\" /><given id=\"g\" /></name>"
            + "<birthDate id=\"d\" value=\"2000\"><extension id=\"e\" url=\"http://x\"><valueInteger value=\"1\" /></extension></birthDate></Patient>",
            Encoding.UTF8.GetString(XmlResourceWriter.Write(json.RootElement).Xml!));
    }

    [Theory]
    [InlineData("[]", "Resource")]
    [InlineData("""{"resourceType":"HumanName"}""", "HumanName")]
    [InlineData("""{"resourceType":"Patient","nam":"a"}""", "Patient.nam")]
    [InlineData("""{"resourceType":"Patient","_name":[{"id":"a"}]}""", "Patient.name")]
    [InlineData("""{"resourceType":"Patient","name":{"text":"a"}}""", "Patient.name")]
    [InlineData("""{"resourceType":"Patient","name":[]}""", "Patient.name")]
    [InlineData("""{"resourceType":"Patient","name":[{}]}""", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","name":["a"]}""", "Patient.name[0]")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":[null]}]}""", "Patient.name[0].given[0]")]
    [InlineData("""{"resourceType":"Patient","active":["a"]}""", "Patient.active")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""", "Patient.active")]
    [InlineData("""{"resourceType":"Patient","birthDate":2000}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":null}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":"a\u0001"}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":"\uFFFF"}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":"a","_birthDate":{}}""", "Patient.birthDate")]
    [InlineData("""{"resourceType":"Patient","birthDate":"a","_birthDate":{"x":1}}""", "Patient.birthDate.x")]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2000"}""", "Patient.deceasedDateTime")]
    [InlineData("""{"resourceType":"Patient","name":[{"id":"a","_id":{"id":"b"}}]}""", "Patient.name[0].id")]
    [InlineData("""{"resourceType":"Patient","extension":[{"url":1}]}""", "Patient.extension[0].url")]
    [InlineData("""{"resourceType":"Patient","contained":[{"a":1}]}""", "Patient.contained[0]")]
    [InlineData("""{"resourceType":"Patient","text":{"div":"<div>a</div>"}}""", "Patient.text.div")]
    [InlineData("""{"resourceType":"Patient","text":{"div":"<div xmlns='http://www.w3.org/1999/xhtml'>&nbsp;</div>"}}""", "Patient.text.div")]
    [InlineData("""{"resourceType":"Patient","text":{"div":"<div xmlns='http://www.w3.org/1999/xhtml'/><a/>"}}""", "Patient.text.div")]
    [InlineData("""{"resourceType":"Patient","text":{"div":"<div xmlns='http://www.w3.org/1999/xhtml'></div></text><active value='true'/><text>"}}""", "Patient.text.div")]
    [InlineData("""{"resourceType":"Patient","text":{"div":"<!DOCTYPE div><div xmlns='http://www.w3.org/1999/xhtml'/>"}}""", "Patient.text.div")]
    public void What_XML_cannot_hold_is_refused_where_it_stands(string json, string expression)
    {
        using var document = JsonDocument.Parse(json);
        var result = XmlResourceWriter.Write(document.RootElement);
        Assert.Null(result.Xml);
        Assert.Equal(expression, Assert.Single(result.Issues).Expression);
    }
}
