using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>
/// Walks over one document. Each method starts with the reader on an element and leaves it on that element's end
/// (or on itself where it is empty).
/// </summary>
internal sealed partial class XmlReadWalk(XmlReader reader, string text, int maxDepth)
{
    private const int MaxIssues = 200;
    private static readonly TypeDefinition Element = R4.Definitions.Type("Element")!;
    private readonly ImmutableArray<Issue>.Builder _issues = ImmutableArray.CreateBuilder<Issue>();
    private readonly SourceText _source = new(text);
    private ElementLocation _location = new("Resource");

    public XmlReadResult Document()
    {
        JsonObject? resource = null;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    resource = RootResource();
                    break;
                case XmlNodeType.XmlDeclaration when reader.GetAttribute("encoding") is { } encoding && !encoding.Equals("UTF-8", StringComparison.OrdinalIgnoreCase):
                    Report(IssueType.Structure, "The XML of a resource is encoded as UTF-8.");
                    break;
                case XmlNodeType.ProcessingInstruction:
                    ReportInstruction();
                    break;
            }
        }

        return _issues.Count == 0 ? new(resource, []) : new(null, _issues.ToImmutable());
    }

    private JsonObject? RootResource()
    {
        if (reader.NamespaceURI == FhirXml.Namespace && R4.Definitions.IsResourceType(reader.LocalName))
        {
            _location = new(reader.LocalName);
        }

        return Resource(1);
    }

    private JsonObject? Resource(int depth)
    {
        if (reader.NamespaceURI != FhirXml.Namespace)
        {
            return Reject(IssueType.Structure, "A resource is in the namespace http://hl7.org/fhir.");
        }

        if (!R4.Definitions.IsResourceType(reader.LocalName) || !R4.Definitions.TryType(reader.LocalName, out var type))
        {
            return Reject(IssueType.Structure, "The element is not named by a resource type.");
        }

        var json = new JsonObject { ["resourceType"] = type.Name };
        Attributes(null, null, null);
        Children(json, type, depth);
        return json;
    }

    private JsonObject? Structure(TypeDefinition type, int depth)
    {
        var json = new JsonObject();
        var before = _issues.Count;
        Attributes(json, "id", type.Name == "Extension" ? "url" : null);
        Children(json, type, depth);
        if (json.Count == 0 && _issues.Count == before)
        {
            Report(IssueType.Structure, "An element has a value or children.");
        }

        return json;
    }

    /// <summary>The one resource inside an element such as Bundle.entry.resource.</summary>
    private JsonObject? Inner(int depth)
    {
        Attributes(null, null, null);
        JsonObject? resource = null;
        var count = 0;
        foreach (var _ in Elements())
        {
            if (count++ == 0)
            {
                resource = Resource(depth);
            }
            else
            {
                Reject(IssueType.Structure, "One resource stands here.");
            }
        }

        if (count == 0)
        {
            Report(IssueType.Structure, "One resource stands here.");
        }

        return resource;
    }

    private void Children(JsonObject json, TypeDefinition type, int depth)
    {
        if (depth > maxDepth)
        {
            Reject(IssueType.TooCostly, $"Elements are nested deeper than {maxDepth} levels of JSON.");
            return;
        }

        var open = new OpenElement(json);
        foreach (var name in Elements())
        {
            if (Match(type, name) is { } match)
            {
                Child(ref open, match, depth);
            }
        }

        open.Close();
    }

    private ElementMatch? Match(TypeDefinition type, string name)
    {
        var isKnown = type.TryMatch(name, out var match);
        var space = isKnown && match!.Primitive == PrimitiveKind.Xhtml ? FhirXml.Xhtml : FhirXml.Namespace;
        if (isKnown && reader.NamespaceURI == space && !IsAttribute(type, name))
        {
            return match;
        }

        if (JsonNames.IsPlain(name))
        {
            _location.Enter(name);
        }

        Reject(
            IssueType.Structure,
            isKnown && reader.NamespaceURI != space ? $"The element is in the namespace {space}."
            : isKnown ? "It is written as an attribute."
            : $"{type.Name} has no such element.");
        if (JsonNames.IsPlain(name))
        {
            _location.Leave();
        }

        return null;
    }

    private static bool IsAttribute(TypeDefinition type, string name) =>
        (name == "id" && type.Kind != TypeKind.Resource) || (name == "url" && type.Name == "Extension");

    private void Child(ref OpenElement open, ElementMatch match, int depth)
    {
        var element = match.Element;
        var isNext = open.Next(match);
        _location.Enter(element.Name, element.IsChoice ? match.TypeName : null);
        if (element.IsArray)
        {
            _location.Enter(open.Count);
        }

        if (isNext is not null)
        {
            Reject(IssueType.Structure, isNext);
        }
        else
        {
            Value(ref open, match, depth + (element.IsArray ? 2 : 1));
        }

        if (element.IsArray)
        {
            _location.Leave();
        }

        _location.Leave();
    }

    private void Value(ref OpenElement open, ElementMatch match, int depth)
    {
        var type = match.TypeIn(R4.Definitions);
        if (match.Primitive == PrimitiveKind.Xhtml)
        {
            open.Add(Narrative(), null);
        }
        else if (match.Primitive != PrimitiveKind.None)
        {
            var (value, shadow) = Primitive(match.Primitive, depth);
            open.Add(value, shadow);
        }
        else
        {
            open.Add(type.Kind == TypeKind.Resource ? Inner(depth) : Structure(type, depth), null);
        }
    }

    /// <summary>The names of the child elements, one after the other; what else stands between them is reported.</summary>
    private IEnumerable<string> Elements()
    {
        if (reader.IsEmptyElement)
        {
            yield break;
        }

        var end = reader.Depth;
        while (reader.Read() && reader.Depth > end)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    yield return reader.LocalName;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    Report(IssueType.Structure, "Text has no place between elements.");
                    break;
                case XmlNodeType.ProcessingInstruction:
                    ReportInstruction();
                    break;
            }
        }
    }

    private JsonObject? Reject(string code, string rule)
    {
        Report(code, rule);
        SkipContent();
        return null;
    }

    private void SkipContent()
    {
        if (!reader.IsEmptyElement)
        {
            var end = reader.Depth;
            while (reader.Read() && reader.Depth > end)
            {
                // Nothing inside it counts.
            }
        }
    }

    private void ReportInstruction() => Report(IssueType.Structure, "A processing instruction has no place in a resource.");

    private void Report(string code, string rule)
    {
        if (_issues.Count < MaxIssues)
        {
            _issues.Add(Issue.Error(code, rule, _location.ToString()));
        }
    }
}
