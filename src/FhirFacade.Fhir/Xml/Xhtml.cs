using System.Text;
using System.Xml;

namespace FhirFacade.Fhir.Xml;

/// <summary>The markup of narratives, which JSON holds as text.</summary>
internal static class Xhtml
{
    /// <summary>Whether a text is one div element of XHTML, well-formed, without a DTD or processing instructions.</summary>
    public static bool IsDiv(string markup)
    {
        try
        {
            using var reader = FhirXml.Open(markup);
            var isDiv = false;
            while (reader.Read())
            {
                if (reader.NodeType is XmlNodeType.XmlDeclaration or XmlNodeType.ProcessingInstruction)
                {
                    return false;
                }

                if (reader.NodeType == XmlNodeType.Element && reader.Depth == 0)
                {
                    isDiv = reader is { Name: "div", NamespaceURI: FhirXml.Xhtml };
                }
            }

            return isDiv;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    /// <summary>The same markup with the namespace as the default one, as JSON wants it.</summary>
    /// <param name="markup">An element, cut out of a document.</param>
    /// <param name="namespaces">The namespaces, by prefix, that are declared where it stood.</param>
    public static string WithoutPrefixes(string markup, IDictionary<string, string> namespaces)
    {
        var manager = new XmlNamespaceManager(new NameTable());
        foreach (var (prefix, space) in namespaces)
        {
            manager.AddNamespace(prefix, space);
        }

        var context = new XmlParserContext(null, manager, null, XmlSpace.None);
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };
        using var reader = XmlReader.Create(new StringReader(markup), settings, context);
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Fragment, NewLineHandling = NewLineHandling.Entitize }))
        {
            while (reader.Read())
            {
                Copy(reader, writer);
            }
        }

        return text.ToString();
    }

    private static void Copy(XmlReader reader, XmlWriter writer)
    {
        switch (reader.NodeType)
        {
            case XmlNodeType.Element:
                writer.WriteStartElement("", reader.LocalName, reader.NamespaceURI);
                var isEmpty = reader.IsEmptyElement;
                while (reader.MoveToNextAttribute())
                {
                    if (reader.NamespaceURI != "http://www.w3.org/2000/xmlns/")
                    {
                        writer.WriteAttributeString(reader.Prefix, reader.LocalName, reader.NamespaceURI, reader.Value);
                    }
                }

                if (isEmpty)
                {
                    writer.WriteEndElement();
                }

                break;
            case XmlNodeType.EndElement:
                writer.WriteFullEndElement();
                break;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                writer.WriteString(reader.Value);
                break;
        }
    }
}
