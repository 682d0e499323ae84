using System.Text;
using System.Xml;

namespace FhirFacade.Fhir.Xml;

/// <summary>Names of FHIR's XML form (https://hl7.org/fhir/R4/xml.html).</summary>
internal static class FhirXml
{
    public const string Namespace = "http://hl7.org/fhir";

    public const string Xhtml = "http://www.w3.org/1999/xhtml";

    public const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>Refuses invalid UTF-8 rather than replacing it.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A reader that knows no DTD and reaches for nothing outside the text.</summary>
    public static XmlReader Open(string text) => XmlReader.Create(new StringReader(text), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        CloseInput = true,
        CheckCharacters = true,
        ConformanceLevel = ConformanceLevel.Document,
    });
}
