using System.Text;
using System.Xml;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>Reads <c>application/fhir+xml</c> (https://hl7.org/fhir/R4/xml.html).</summary>
public static class XmlResourceReader
{
    /// <summary>
    /// Turns the XML of one resource, in UTF-8, into its JSON. Every value keeps its characters, decimals their digits, the narrative its markup;
    /// comments and schema locations are dropped. Refused, with the place: what the definitions do not know, other namespaces,
    /// text outside values, processing instructions, a DTD, elements that are out of order or occur too often, primitives that JSON
    /// cannot hold, and all beyond the limits. Whether the result is a valid resource is the validator's question. Never throws on content.
    /// </summary>
    /// <param name="utf8">The XML, with or without a byte order mark.</param>
    /// <param name="limits">The depth is that of the JSON.</param>
    public static XmlReadResult Read(ReadOnlyMemory<byte> utf8, ResourceLimits? limits = null)
    {
        limits ??= ResourceLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return Refuse(IssueType.TooLong, $"The content is longer than {limits.MaxBytes} bytes.");
        }

        var bytes = utf8.Span;
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        }

        string text;
        try
        {
            text = FhirXml.Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Refuse(IssueType.Structure, "The content is not valid UTF-8.");
        }

        try
        {
            using var reader = FhirXml.Open(text);
            return new XmlReadWalk(reader, text, limits.MaxDepth).Document();
        }
        catch (XmlException exception)
        {
            return Refuse(IssueType.Structure, $"The content is not well-formed XML without a DTD; reading failed in line {exception.LineNumber} at character {exception.LinePosition}.");
        }
    }

    private static XmlReadResult Refuse(string code, string rule) => new(null, [Issue.Error(code, rule)]);
}
