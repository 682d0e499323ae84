using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FhirFacade.Fhir.Definitions;
using Xunit;

namespace FhirFacade.Fhir.Tests.FhirPath;

/// <summary>Turns FHIR XML into FHIR JSON, as far as the official suite's inputs need it.</summary>
internal static class XmlExample
{
    public static JsonElement ToJson(string path)
    {
        var root = XDocument.Load(path).Root!;
        return JsonSerializer.SerializeToElement(Resource(root));
    }

    private static JsonObject Resource(XElement xml)
    {
        var json = new JsonObject { ["resourceType"] = xml.Name.LocalName };
        Fill(json, xml, R4.Definitions.Type(xml.Name.LocalName)!);
        return json;
    }

    private static void Fill(JsonObject json, XElement xml, TypeDefinition type)
    {
        foreach (var attribute in xml.Attributes().Where(a => !a.IsNamespaceDeclaration && a.Name.LocalName is "id" or "url"))
        {
            json[attribute.Name.LocalName] = attribute.Value;
        }

        foreach (var group in xml.Elements().GroupBy(e => e.Name.LocalName))
        {
            if (group.Key == "div")
            {
                json["div"] = group.First().ToString(SaveOptions.DisableFormatting);
                continue;
            }

            Assert.True(type.TryMatch(group.Key, out var match), $"{type.Name} has {group.Key}");
            var values = new JsonArray();
            var shadows = new JsonArray();
            foreach (var element in group)
            {
                var (value, shadow) = Value(element, R4.Definitions.Type(match.TypeName)!);
                values.Add(value);
                shadows.Add(shadow);
            }

            var isArray = match.Element.IsArray;
            Set(json, group.Key, values, isArray);
            Set(json, "_" + group.Key, shadows, isArray);
        }
    }

    private static void Set(JsonObject json, string name, JsonArray values, bool isArray)
    {
        if (values.Any(v => v is not null))
        {
            json[name] = isArray ? values : values[0]!.DeepClone();
        }
    }

    private static (JsonNode? Value, JsonNode? Shadow) Value(XElement xml, TypeDefinition type)
    {
        if (type.Kind != TypeKind.Primitive)
        {
            if (type.Name == "Resource")
            {
                return (Resource(xml.Elements().Single()), null);
            }

            var structure = new JsonObject();
            Fill(structure, xml, type);
            return (structure, null);
        }

        var shadow = new JsonObject();
        var text = (string?)xml.Attribute("value");
        Fill(shadow, new XElement(xml.Name, xml.Attributes().Where(a => a.Name != "value"), xml.Elements()), R4.Definitions.Type("Element")!);
        JsonNode? value = text is null ? null
            : type.Name is "boolean" or "integer" or "decimal" or "unsignedInt" or "positiveInt" ? JsonNode.Parse(text)
            : JsonValue.Create(text);
        return (value, shadow.Count > 0 ? shadow : null);
    }
}
