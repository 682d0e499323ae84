using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>Values, which XML writes as attributes, and the narrative.</summary>
internal sealed partial class XmlWriteWalk
{
    private void Primitive(string name, PrimitiveKind kind, JsonElement value, JsonElement shadow)
    {
        if (kind == PrimitiveKind.Xhtml)
        {
            Narrative(value);
            return;
        }

        var hasValue = value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        var hasShadow = shadow.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
        if (!hasValue && !hasShadow)
        {
            Report(IssueType.Structure, "An element has a value or extensions.");
            return;
        }

        writer.WriteStartElement(name, FhirXml.Namespace);
        var parts = hasShadow ? Shadow(shadow) : [];
        Attribute(parts, "id");
        if (hasValue)
        {
            if (HasKind(kind, value.ValueKind))
            {
                WriteAttribute("value", value);
            }
            else
            {
                Report(IssueType.Structure, "The JSON value is not of the kind that the type has.");
            }
        }

        foreach (var part in parts)
        {
            if (part.Match is not null)
            {
                Part(part);
            }
        }

        writer.WriteEndElement();
    }

    private Part[] Shadow(JsonElement shadow)
    {
        if (shadow.ValueKind == JsonValueKind.Object && shadow.GetPropertyCount() > 0)
        {
            return Parts(shadow, Element);
        }

        Report(IssueType.Structure, "The id and extensions of a primitive are in an object that is not empty.");
        return [];
    }

    private static bool HasKind(PrimitiveKind kind, JsonValueKind found) => kind switch
    {
        PrimitiveKind.Boolean => found is JsonValueKind.True or JsonValueKind.False,
        PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => found == JsonValueKind.Number,
        _ => found == JsonValueKind.String,
    };

    private void WriteAttribute(string name, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : Encoding.ASCII.GetString(JsonMarshal.GetRawUtf8Value(value));
        if (IsXml(text))
        {
            writer.WriteAttributeString(name, text);
        }
        else
        {
            Report(IssueType.Value, "The text has a character that XML cannot hold.");
        }
    }

    private void Narrative(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Report(IssueType.Structure, "The value is a JSON string.");
        }
        else if (!Xhtml.IsDiv(value.GetString()!))
        {
            Report(IssueType.Value, "A narrative is one div element of XHTML, well-formed, without entities of its own.");
        }
        else
        {
            writer.WriteRaw(value.GetString()!);
        }
    }

    private static bool IsXml(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!XmlConvert.IsXmlChar(text[i]) && !(i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]) && ++i > 0))
            {
                return false;
            }
        }

        return true;
    }
}
