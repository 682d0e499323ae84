using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Xml;

/// <summary>The element whose repetitions are being collected, and what the parent has had so far.</summary>
internal struct OpenElement(JsonObject parent)
{
    private readonly List<JsonNode?> _values = [];
    private readonly List<JsonNode?> _shadows = [];
    private ElementMatch? _match;
    private string? _name;

    /// <summary>How many repetitions came before.</summary>
    public readonly int Count => _values.Count;

    /// <summary>Goes on to an element. Returns the rule that forbids it here, or null.</summary>
    public string? Next(ElementMatch match)
    {
        if (ReferenceEquals(match, _match))
        {
            return match.Element.IsArray || Count == 0 ? null : "The element occurs once at most.";
        }

        if (_match is not null && match.Index <= _match.Index)
        {
            return match.Index == _match.Index ? "An element that has a choice of types has one of them." : "Elements stand in the order of their definition.";
        }

        Close();
        (_match, _name) = (match, null);
        return null;
    }

    /// <summary>Adds a repetition: its value, and the id and extensions of a primitive.</summary>
    public void Add(JsonNode? value, JsonObject? shadow)
    {
        _values.Add(value);
        _shadows.Add(shadow);
    }

    /// <summary>Writes what was collected into the parent.</summary>
    public void Close()
    {
        if (_match is not null)
        {
            _name = _match.Element.IsChoice ? ChoiceName(_match) : _match.Element.Name;
            Write(_name, _values, _match.Element.IsArray);
            Write("_" + _name, _shadows, _match.Element.IsArray);
        }

        _values.Clear();
        _shadows.Clear();
    }

    private readonly void Write(string name, List<JsonNode?> nodes, bool isArray)
    {
        if (nodes.Exists(node => node is not null))
        {
            parent[name] = isArray ? new JsonArray([.. nodes]) : nodes[0];
        }
    }

    private static string ChoiceName(ElementMatch match) => string.Concat(match.Element.Name, match.TypeName[..1].ToUpperInvariant(), match.TypeName.AsSpan(1));
}
