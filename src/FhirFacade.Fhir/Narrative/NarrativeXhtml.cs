using System.Collections.Frozen;
using System.Xml;

namespace FhirFacade.Fhir.Narrative;

/// <summary>The rules of narrative: https://hl7.org/fhir/R4/narrative.html#xhtml (txt-1, txt-2).</summary>
public static class NarrativeXhtml
{
    private const string Namespace = "http://www.w3.org/1999/xhtml";
    private const int MaxDepth = 100;

    private static readonly FrozenSet<string> Elements = new[]
    {
        "p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "dfn", "q", "var", "abbr",
        "acronym", "cite", "blockquote", "hr", "address", "bdo", "kbd", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "caption",
        "colgroup", "col", "thead", "tr", "tfoot", "tbody", "th", "td", "code", "samp", "img", "map", "area", "ins", "del", "u", "s", "strike", "center",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = new[]
    {
        "title", "style", "class", "id", "lang", "dir", "accesskey", "tabindex", "span", "width", "align", "valign", "char", "charoff", "abbr", "axis",
        "headers", "scope", "rowspan", "colspan", "border", "cellspacing", "cellpadding", "frame", "rules", "summary", "cite", "datetime", "start", "value",
        "type", "compact", "height", "hspace", "vspace", "noshade", "size", "color", "bgcolor", "nowrap", "clear",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FrozenSet<string>> OwnAttributes = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal)
    {
        ["a"] = new[] { "href", "name", "rel", "rev", "hreflang", "charset", "shape", "coords", "target" }.ToFrozenSet(StringComparer.Ordinal),
        ["img"] = new[] { "src", "alt", "longdesc", "usemap", "ismap", "name" }.ToFrozenSet(StringComparer.Ordinal),
        ["map"] = new[] { "name" }.ToFrozenSet(StringComparer.Ordinal),
        ["area"] = new[] { "shape", "coords", "href", "nohref", "alt" }.ToFrozenSet(StringComparer.Ordinal),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// What is wrong with a narrative's div, in words that repeat nothing of it; null where nothing is. It is well-formed XHTML
    /// without a DTD, of formatting elements and attributes alone: no script, form, frame, style sheet, event handler or
    /// address that runs a program; and it has text or an image.
    /// </summary>
    public static string? Fault(string div)
    {
        ArgumentNullException.ThrowIfNull(div);
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true };
        try
        {
            using var text = new StringReader(NamedEntities.Replace(div));
            using var reader = XmlReader.Create(text, settings);
            return Walk(reader);
        }
        catch (XmlException)
        {
            return "The narrative is not well-formed XHTML.";
        }
    }

    private static string? Walk(XmlReader reader)
    {
        var hasContent = false;
        var isFirst = true;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (isFirst && (reader.LocalName != "div" || reader.NamespaceURI != Namespace))
                    {
                        return "The narrative is a div in the namespace of XHTML.";
                    }

                    isFirst = false;
                    if (reader.Depth > MaxDepth)
                    {
                        return "The narrative is nested too deeply.";
                    }

                    hasContent |= reader.LocalName == "img";
                    if (FaultOf(reader) is { } fault)
                    {
                        return fault;
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    hasContent |= !string.IsNullOrWhiteSpace(reader.Value);
                    break;
                case XmlNodeType.ProcessingInstruction:
                    return "The narrative has a processing instruction.";
            }
        }

        return hasContent ? null : "The narrative has neither text nor an image.";
    }

    private static string? FaultOf(XmlReader reader)
    {
        var name = reader.LocalName;
        if (reader.NamespaceURI != Namespace || !Elements.Contains(name))
        {
            return "The narrative has an element that is not for formatting.";
        }

        while (reader.MoveToNextAttribute())
        {
            if (!IsAllowed(name, reader))
            {
                return "The narrative has an attribute that is not allowed.";
            }

            if (reader.LocalName is "href" or "src" or "cite" or "longdesc" && !IsSafeAddress(reader.Value))
            {
                return "The narrative has an address that could run a program.";
            }

            if (reader.LocalName == "style" && !IsSafeStyle(reader.Value))
            {
                return "The narrative has a style that could load or run something.";
            }
        }

        reader.MoveToElement();
        return null;
    }

    private static bool IsAllowed(string element, XmlReader attribute) =>
        attribute.NamespaceURI is "http://www.w3.org/2000/xmlns/" or "http://www.w3.org/XML/1998/namespace"
        || (attribute.Prefix.Length == 0
            && (Attributes.Contains(attribute.LocalName) || (OwnAttributes.TryGetValue(element, out var own) && own.Contains(attribute.LocalName))));

    // Browsers leave out white space and control characters in front of, and within, the scheme.
    private static bool IsSafeAddress(string address)
    {
        var plain = string.Concat(address.Where(c => c > ' ' && !char.IsControl(c)));
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || plain.AsSpan(0, colon).ContainsAny("/?#"))
        {
            return true;
        }

        return plain[..colon].ToLowerInvariant() switch
        {
            "http" or "https" or "mailto" or "tel" or "urn" or "cid" or "ftp" => true,
            "data" => plain.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase) && !plain.StartsWith("data:image/svg", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }

    private static IEnumerable<string> UrlsOf(string style) =>
        style.ToLowerInvariant().Split("url(", StringSplitOptions.None).Skip(1).Select(rest => rest.Split(')')[0].Trim(' ', '\'', '"'));

    private static bool IsSafeStyle(string style) =>
        UrlsOf(style).All(IsSafeAddress) && !style.Contains("expression(", StringComparison.OrdinalIgnoreCase)
        && !style.Contains("javascript:", StringComparison.OrdinalIgnoreCase) && !style.Contains("@import", StringComparison.OrdinalIgnoreCase)
        && !style.Contains("behavior:", StringComparison.OrdinalIgnoreCase) && !style.Contains('\\', StringComparison.Ordinal);
}
