using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Xml;

/// <summary>Attributes, and the elements that have a value.</summary>
internal sealed partial class XmlReadWalk
{

    private (JsonValue? Value, JsonObject? Shadow) Primitive(PrimitiveKind kind, int depth)
    {
        var shadow = new JsonObject();
        var before = _issues.Count;
        var text = Attributes(shadow, "id", "value");
        shadow.Remove("value");
        var value = text is null ? null : Value(kind, text);
        Children(shadow, Element, depth);
        if (text is null && shadow.Count == 0 && _issues.Count == before)
        {
            Report(Outcomes.IssueType.Structure, "An element has a value or children.");
        }

        return (value, shadow.Count == 0 ? null : shadow);
    }

    /// <summary>Puts the attributes of these names into the JSON and reports any other. Returns the value of the second.</summary>
    private string? Attributes(JsonObject? json, string? first, string? second)
    {
        string? result = null;
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI is "http://www.w3.org/2000/xmlns/" or FhirXml.SchemaInstance)
            {
                continue;
            }

            if (reader.NamespaceURI.Length > 0 || (reader.LocalName != first && reader.LocalName != second))
            {
                Report(Outcomes.IssueType.Structure, "The element has no such attribute.");
                continue;
            }

            json![reader.LocalName] = reader.Value;
            result = reader.LocalName == second ? reader.Value : result;
        }

        reader.MoveToElement();
        return result;
    }

    private JsonValue? Value(PrimitiveKind kind, string text)
    {
        switch (kind)
        {
            case PrimitiveKind.Boolean:
                var word = text.AsSpan().Trim();
                if (word is "true" or "false")
                {
                    return JsonValue.Create(word.Length == 4);
                }

                Report(Outcomes.IssueType.Value, "A boolean is true or false.");
                return null;
            case PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt:
                var digits = text.AsSpan().Trim();
                if (IsNumber(digits))
                {
                    return Number(digits);
                }

                Report(Outcomes.IssueType.Value, "A number is written as in JSON: no plus, no needless zeros before it, digits on both sides of a point.");
                return null;
            default:
                return JsonValue.Create(text);
        }
    }

    // As text: parsing it would round the digits off.
    private static JsonValue? Number(ReadOnlySpan<char> digits)
    {
        var utf8 = new Utf8JsonReader(Encoding.ASCII.GetBytes(digits.ToString()));
        return JsonValue.Create(JsonElement.ParseValue(ref utf8));
    }

    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        text = text.StartsWith("-") ? text[1..] : text;
        var whole = TakeDigits(ref text);
        if (whole.IsEmpty || (whole.Length > 1 && whole[0] == '0'))
        {
            return false;
        }

        if (text.StartsWith("."))
        {
            text = text[1..];
            if (TakeDigits(ref text).IsEmpty)
            {
                return false;
            }
        }

        if (text.StartsWith("e", StringComparison.OrdinalIgnoreCase))
        {
            text = text[1..];
            text = text.StartsWith("+") || text.StartsWith("-") ? text[1..] : text;
            if (TakeDigits(ref text).IsEmpty)
            {
                return false;
            }
        }

        return text.IsEmpty;
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExceptInRange('0', '9');
        var digits = count < 0 ? text : text[..count];
        text = text[digits.Length..];
        return digits;
    }

    /// <summary>The markup of a narrative as it stands in the source, so that not a character changes.</summary>
    private JsonValue? Narrative()
    {
        var lines = (IXmlLineInfo)reader;
        var start = _source.Offset(lines.LineNumber, lines.LinePosition) - 1;
        var namespaces = ((IXmlNamespaceResolver)reader).GetNamespacesInScope(XmlNamespaceScope.ExcludeXml);
        var isAlone = reader.GetAttribute("xmlns") is not null;
        int end;
        if (reader.IsEmptyElement)
        {
            isAlone &= !HasPrefix();
            end = _source.EndOfTag(start);
        }
        else
        {
            var depth = reader.Depth;
            do
            {
                isAlone &= !HasPrefix();
                if (reader.NodeType == XmlNodeType.ProcessingInstruction)
                {
                    ReportInstruction();
                }
            }
            while (reader.Read() && reader.Depth > depth);
            end = _source.EndOfTag(_source.Offset(lines.LineNumber, lines.LinePosition));
        }

        // Where a namespace was declared further out, the markup does not stand alone.
        var markup = _source.Text[start..end];
        return JsonValue.Create(isAlone || Xhtml.IsDiv(markup) ? markup : Xhtml.WithoutPrefixes(markup, namespaces));
    }

    private bool HasPrefix() => reader.NodeType == XmlNodeType.Element && reader.Prefix.Length > 0;
}
