using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Xml;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>Walks over one resource. After an issue it goes on to find more; what it has written then is thrown away.</summary>
internal sealed partial class XmlWriteWalk(XmlWriter writer, JsonElement root)
{
    private const int MaxIssues = 200;
    private static readonly TypeDefinition Element = R4.Definitions.Type("Element")!;
    private readonly ElementLocation _location = ElementLocation.Of(root);

    public ImmutableArray<Issue>.Builder Issues { get; } = ImmutableArray.CreateBuilder<Issue>();

    public void Document(JsonElement resource)
    {
        writer.WriteStartDocument();
        Resource(resource);
        if (Issues.Count == 0)
        {
            writer.WriteEndDocument();
        }
    }

    private void Resource(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("resourceType"u8, out var name) || name.ValueKind != JsonValueKind.String
            || !R4.Definitions.IsResourceType(name.GetString()!))
        {
            Report(IssueType.Structure, "A resource is an object whose resourceType is one of R4.");
            return;
        }

        var type = R4.Definitions.Type(name.GetString()!)!;
        writer.WriteStartElement(type.Name, FhirXml.Namespace);
        Children(json, type);
        writer.WriteEndElement();
    }

    /// <summary>The attributes and children of an object.</summary>
    private void Children(JsonElement json, TypeDefinition type)
    {
        var parts = Parts(json, type);
        if (type.Kind != TypeKind.Resource)
        {
            Attribute(parts, "id");
            if (type.Name == "Extension")
            {
                Attribute(parts, "url");
            }
        }

        foreach (var part in parts)
        {
            if (part.Match is not null)
            {
                Part(part);
            }
        }
    }

    /// <summary>The properties at the places where their elements stand in the definition.</summary>
    private Part[] Parts(JsonElement json, TypeDefinition type)
    {
        var parts = new Part[type.Elements.Length];
        foreach (var property in json.EnumerateObject())
        {
            var name = property.Name;
            if (type.Kind == TypeKind.Resource && name == "resourceType")
            {
                continue;
            }

            var isShadow = name.StartsWith('_');
            if (!type.TryMatch(isShadow ? name[1..] : name, out var match) || (isShadow && match.Primitive is PrimitiveKind.None or PrimitiveKind.Xhtml))
            {
                Report(property, $"{type.Name} has no such element.");
                continue;
            }

            ref var part = ref parts[match.Index];
            if (part.Match is not null && !ReferenceEquals(part.Match, match))
            {
                Report(property, "An element that has a choice of types has one of them.");
                continue;
            }

            part = isShadow ? part with { Match = match, Shadow = property.Value } : part with { Match = match, Value = property.Value };
        }

        return parts;
    }

    private void Attribute(Part[] parts, string name)
    {
        foreach (ref var part in parts.AsSpan())
        {
            if (part.Match?.Element.Name == name)
            {
                _location.Enter(name);
                if (part.Shadow.ValueKind != JsonValueKind.Undefined)
                {
                    Report(IssueType.Structure, "It is an attribute in XML, which has no id or extensions.");
                }
                else if (part.Value.ValueKind == JsonValueKind.String)
                {
                    WriteAttribute(name, part.Value);
                }
                else
                {
                    Report(IssueType.Structure, "The value is a JSON string.");
                }

                _location.Leave();
                part = default;
            }
        }
    }

    private void Part(in Part part)
    {
        var element = part.Match!.Element;
        var name = element.IsChoice ? string.Concat(element.Name, part.Match.TypeName[..1].ToUpperInvariant(), part.Match.TypeName.AsSpan(1)) : element.Name;
        _location.Enter(element.Name, element.IsChoice ? part.Match.TypeName : null);
        if (!element.IsArray)
        {
            Value(name, part.Match, part.Value, part.Shadow);
        }
        else if (!IsArrayOrNone(part.Value) || !IsArrayOrNone(part.Shadow) || Length(part.Value) + Length(part.Shadow) == 0)
        {
            Report(IssueType.Structure, "The element repeats and is an array that is not empty.");
        }
        else
        {
            var count = Math.Max(Length(part.Value), Length(part.Shadow));
            for (var i = 0; i < count; i++)
            {
                _location.Enter(i);
                Value(name, part.Match, i < Length(part.Value) ? part.Value[i] : default, i < Length(part.Shadow) ? part.Shadow[i] : default);
                _location.Leave();
            }
        }

        _location.Leave();
    }

    private void Value(string name, ElementMatch match, JsonElement value, JsonElement shadow)
    {
        if (match.Primitive != PrimitiveKind.None)
        {
            Primitive(name, match.Primitive, value, shadow);
        }
        else if (value.ValueKind != JsonValueKind.Object)
        {
            Report(IssueType.Structure, "The value is a JSON object.");
        }
        else
        {
            writer.WriteStartElement(name, FhirXml.Namespace);
            var type = match.TypeIn(R4.Definitions);
            if (type.Kind == TypeKind.Resource)
            {
                Resource(value);
            }
            else if (value.GetPropertyCount() == 0)
            {
                Report(IssueType.Structure, "An object is not empty.");
            }
            else
            {
                Children(value, type);
            }

            writer.WriteEndElement();
        }
    }

    private static bool IsArrayOrNone(JsonElement json) => json.ValueKind is JsonValueKind.Array or JsonValueKind.Undefined;

    private static int Length(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() : 0;

    private void Report(JsonProperty property, string rule)
    {
        _location.Enter(property);
        Report(IssueType.Structure, rule);
        _location.Leave();
    }

    private void Report(string code, string rule)
    {
        if (Issues.Count < MaxIssues)
        {
            Issues.Add(Issue.Error(code, rule, _location.ToString()));
        }
    }
}

/// <summary>An element of the object that is written: its value, and the id and extensions of a primitive.</summary>
internal readonly record struct Part(ElementMatch? Match, JsonElement Value, JsonElement Shadow);
