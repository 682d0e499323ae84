using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Validation;

/// <summary>One walk through one resource, element by element: resources, objects, properties, items.</summary>
internal sealed partial class StructureWalk(DefinitionSet definitions, JsonElement root)
{
    private readonly ElementLocation _location = ElementLocation.Of(root);

    // What "#id" refers to: the resource that is not contained itself, be it the root or an entry of a Bundle.
    private JsonElement _container = root;
    private int _containedDepth;

    // What each object on the way down has shown so far: a stretch for each, as long as its type has elements.
    private ElementMatch?[] _seen = new ElementMatch?[96];
    private Forms[] _forms = new Forms[96];
    private int _seenCount;

    // Whether any property may hold the extensions of a primitive; looked for once, since few resources have any.
    private readonly bool _hasExtras = root.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(root).IndexOf("\"_"u8) >= 0;

    public ImmutableArray<Issue>.Builder Issues { get; } = ImmutableArray.CreateBuilder<Issue>();

    /// <summary>Whether an object had a key of its type twice. A key of no type is an issue anyway.</summary>
    public bool HasRepeatedKeys { get; private set; }

    /// <summary>Checks a resource, at the root or inside another.</summary>
    public void Resource(JsonElement resource)
    {
        if (resource.ValueKind != JsonValueKind.Object)
        {
            Report(IssueType.Structure, "A resource is a JSON object.");
        }
        else if (!resource.TryGetProperty("resourceType"u8, out var name) || name.ValueKind != JsonValueKind.String)
        {
            Report(IssueType.Structure, "A resource names its resourceType.");
        }
        else if (definitions.Type(name.GetString()!) is not { Kind: TypeKind.Resource, IsAbstract: false } type)
        {
            Report(IssueType.Structure, "The resourceType is not one of R4.");
        }
        else
        {
            Object(resource, type);
        }
    }

    /// <summary>Checks an object against its type.</summary>
    /// <param name="value">What should be an object.</param>
    /// <param name="type">Its type; for the id and extensions of a primitive, the primitive's.</param>
    /// <param name="hasValue">Whether it is these of a primitive that has its value beside them, so that an id alone is enough.</param>
    private void Object(JsonElement value, TypeDefinition type, bool hasValue = false)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Report(IssueType.Structure, "The element is an object.");
            return;
        }

        var seen = _seenCount;
        _seenCount += type.Elements.Length;
        if (_seenCount > _seen.Length)
        {
            Array.Resize(ref _seen, _seenCount * 2);
            Array.Resize(ref _forms, _seenCount * 2);
        }

        _seen.AsSpan(seen, type.Elements.Length).Clear();
        _forms.AsSpan(seen, type.Elements.Length).Clear();
        var contents = 0;
        var isNamed = false;
        foreach (var property in value.EnumerateObject())
        {
            if (Issues.Count >= StructureValidator.MaxIssues)
            {
                return;
            }

            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (type.Kind == TypeKind.Resource && name.SequenceEqual("resourceType"u8))
            {
                contents++;
                HasRepeatedKeys |= isNamed;
                isNamed = true;
                continue;
            }

            contents += name.SequenceEqual("id"u8) && !hasValue ? 0 : 1;
            var isExtra = name is [(byte)'_', _, ..];
            if (type.Match(isExtra ? name[1..] : name) is not { } match || (isExtra && !IsPrimitive(match)))
            {
                _location.Enter(property);
                Report(IssueType.Structure, $"{type.Name} has no such element.");
                _location.Leave();
                continue;
            }

            var other = _seen[seen + match.Index];
            var form = isExtra ? Forms.Extra : Forms.Value;
            HasRepeatedKeys |= ReferenceEquals(other, match) && (_forms[seen + match.Index] & form) != 0;
            _forms[seen + match.Index] |= form;
            _seen[seen + match.Index] = match;
            _location.Enter(match.Element.Name, match.Element.IsChoice ? match.TypeName : null);
            if (other is not null && !ReferenceEquals(other, match))
            {
                Report(IssueType.Structure, "Only one type of a choice may be there.");
            }

            Property(value, property, match, isExtra);
            _location.Leave();
        }

        if (contents == 0)
        {
            Report(IssueType.Invariant, "An element has a value or parts (ele-1).");
        }

        Required(type, seen);
        OwnRules(value, type);
        _seenCount = seen;
    }

    private void Property(JsonElement parent, JsonProperty property, ElementMatch match, bool isExtra)
    {
        if (IsPrimitive(match))
        {
            Primitive(parent, property, match, isExtra);
        }
        else if (!match.Element.IsArray)
        {
            Value(property.Value, match);
        }
        else if (IsArray(property.Value, match.Element))
        {
            var index = 0;
            foreach (var item in property.Value.EnumerateArray())
            {
                _location.Enter(index++);
                Value(item, match);
                _location.Leave();
            }
        }
    }

    private void Value(JsonElement value, ElementMatch match)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Report(IssueType.Structure, "There is no null here; an element without a value is left out.");
        }
        else if (match.TypeName != "Resource")
        {
            Object(value, match.TypeIn(definitions));
            if (value.ValueKind == JsonValueKind.Object)
            {
                Binding(value, match);
                Reference(value, match);
            }
        }
        else if (match.Element.Path == "DomainResource.contained")
        {
            Contained(value);
        }
        else
        {
            var (container, depth) = (_container, _containedDepth);
            (_container, _containedDepth) = (value, 0);
            Resource(value);
            (_container, _containedDepth) = (container, depth);
        }
    }

    private void Contained(JsonElement value)
    {
        if (_containedDepth > 0)
        {
            Report(IssueType.Invariant, "A contained resource contains no others (dom-2).");
            return;
        }

        _containedDepth++;
        Resource(value);
        _containedDepth--;
    }

    private void Required(TypeDefinition type, int seen)
    {
        foreach (var index in type.Required)
        {
            if (_seen[seen + index] is null)
            {
                var element = type.Elements[index];
                _location.Enter(element.Name);
                Report(IssueType.Required, $"At least {element.Min} must be there.");
                _location.Leave();
            }
        }
    }

    private void OwnRules(JsonElement value, TypeDefinition type)
    {
        if (type.Name == "Extension")
        {
            if (HasValue(value) == value.TryGetProperty("extension"u8, out _))
            {
                Report(IssueType.Invariant, "An extension has either a value or extensions (ext-1).");
            }
        }
    }

    private static bool HasValue(JsonElement extension)
    {
        foreach (var property in extension.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(property);
            if (name.StartsWith("value"u8) || name.StartsWith("_value"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a value is the array that the element has to be, not empty and not longer than it may be.</summary>
    private bool IsArray(JsonElement value, ElementDefinition element)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Report(IssueType.Structure, "The element repeats: it is an array.");
            return false;
        }

        var length = value.GetArrayLength();
        if (length == 0)
        {
            Report(IssueType.Structure, "An array has items; an element without any is left out.");
        }
        else if (length < element.Min || length > element.Max)
        {
            Report(IssueType.Structure, $"There may be {element.Min} to {element.Max?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any number"}.");
        }

        return length > 0;
    }

    private static bool IsPrimitive(ElementMatch match) => match.Primitive != PrimitiveKind.None;

    private void Report(string code, string rule)
    {
        if (Issues.Count < StructureValidator.MaxIssues - 1)
        {
            Issues.Add(Issue.Error(code, rule, _location.ToString()));
        }
        else if (Issues.Count == StructureValidator.MaxIssues - 1)
        {
            Issues.Add(Issue.Error(IssueType.TooCostly, "There are more issues than are listed."));
        }
    }

    // How an element has shown so far: by its value, by the id and extensions beside it.
    [Flags]
    private enum Forms : byte
    {
        Value = 1,
        Extra = 2,
    }
}
