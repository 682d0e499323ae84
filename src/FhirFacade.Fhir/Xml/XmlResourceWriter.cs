using System.Text;
using System.Text.Json;
using System.Xml;

namespace FhirFacade.Fhir.Xml;

/// <summary>Writes <c>application/fhir+xml</c> (https://hl7.org/fhir/R4/xml.html).</summary>
public static class XmlResourceWriter
{
    /// <summary>
    /// Turns a resource into XML: elements in the order of their definition, values with the characters and digits that they have,
    /// the narrative's markup as it is. What XML cannot hold so that reading gives the same JSON again is refused with the place:
    /// properties that the definitions do not know, JSON of another kind than the type has, control characters, narratives that
    /// are not well-formed XHTML.
    /// </summary>
    public static XmlWriteResult Write(JsonElement resource)
    {
        using var bytes = new MemoryStream();
        using var writer = XmlWriter.Create(bytes, new XmlWriterSettings
        {
            Encoding = FhirXml.Utf8,
            NewLineHandling = NewLineHandling.Entitize,
            CloseOutput = false,
        });
        var walk = new XmlWriteWalk(writer, resource);
        walk.Document(resource);
        writer.Flush();
        return walk.Issues.Count == 0 ? new(bytes.ToArray(), []) : new(null, walk.Issues.ToImmutable());
    }
}
