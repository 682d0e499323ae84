using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Validation;

/// <summary>Steps from a node to its elements. What the type does not have is passed over: the structure is checked elsewhere.</summary>
internal sealed class InstanceChildren(DefinitionSet definitions, Func<JsonElement, InstanceNode, NodePlace, ElementDefinition, InstanceNode?> enterResource)
{
    /// <summary>Every element, in document order.</summary>
    public IEnumerable<InstanceNode> All(InstanceNode node)
    {
        if (node.Holder.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var property in node.Holder.EnumerateObject())
        {
            var isShadow = property.Name.StartsWith('_');
            var name = isShadow ? property.Name[1..] : property.Name;
            if (node.Type.TryMatch(name, out var match) && !(isShadow && node.Holder.TryGetProperty(name, out _)))
            {
                foreach (var child in Items(node, name, match))
                {
                    yield return child;
                }
            }
        }
    }

    /// <summary>The elements of a FHIRPath name (<c>value</c>) or a JSON name (<c>valueQuantity</c>).</summary>
    public List<InstanceNode> Named(InstanceNode node, string name)
    {
        var found = new List<InstanceNode>();
        if (node.Holder.ValueKind != JsonValueKind.Object)
        {
            return found;
        }

        if (node.Type.TryMatch(name, out var match))
        {
            found.AddRange(Items(node, name, match));
        }
        else if (node.Type.Element(name) is { IsChoice: true } choice)
        {
            foreach (var jsonName in TypeDefinition.JsonNamesOf(choice))
            {
                if (node.Type.TryMatch(jsonName, out match))
                {
                    found.AddRange(Items(node, jsonName, match));
                }
            }
        }

        return found;
    }

    private IEnumerable<InstanceNode> Items(InstanceNode node, string jsonName, ElementMatch match)
    {
        var has = node.Holder.TryGetProperty(jsonName, out var value);
        JsonElement shadow = default;
        if (match.Primitive != PrimitiveKind.None)
        {
            has |= node.Holder.TryGetProperty("_" + jsonName, out shadow);
        }

        if (!has)
        {
            yield break;
        }

        var ofType = match.Element.IsChoice ? match.TypeName : null;
        if (value.ValueKind != JsonValueKind.Array && shadow.ValueKind != JsonValueKind.Array)
        {
            if (Make(node, match, value, shadow, new NodePlace(node.Place, match.Element.Name, ofType)) is { } single)
            {
                yield return single;
            }

            yield break;
        }

        var values = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;
        var shadows = shadow.ValueKind == JsonValueKind.Array ? shadow.GetArrayLength() : 0;
        for (var index = 0; index < Math.Max(values, shadows); index++)
        {
            var place = new NodePlace(node.Place, match.Element.Name, ofType, index);
            if (Make(node, match, index < values ? value[index] : default, index < shadows ? shadow[index] : default, place) is { } item)
            {
                yield return item;
            }
        }
    }

    private InstanceNode? Make(InstanceNode parent, ElementMatch match, JsonElement value, JsonElement shadow, NodePlace place)
    {
        value = value.ValueKind == JsonValueKind.Null ? default : value;
        shadow = shadow.ValueKind == JsonValueKind.Object ? shadow : default;
        if (match.TypeName == "Resource")
        {
            return enterResource(value, parent, place, match.Element);
        }

        var fits = match.Primitive != PrimitiveKind.None
            ? value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && (value.ValueKind != JsonValueKind.Undefined || shadow.ValueKind != JsonValueKind.Undefined)
            : value.ValueKind == JsonValueKind.Object;
        return fits ? new InstanceNode(value, shadow, match.TypeIn(definitions), match.Element, place, parent.Frame, parent) : null;
    }
}
