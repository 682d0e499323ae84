using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Patch;

/// <summary>The repetitions of one element, taken out of its object: values, and beside them the ids and extensions of primitives.</summary>
internal sealed class ElementValues
{
    private readonly List<JsonNode?> _values;
    private readonly List<JsonNode?> _shadows;

    private ElementValues(List<JsonNode?> values, List<JsonNode?> shadows)
    {
        (_values, _shadows) = (values, shadows);
        Pad(_values, _shadows.Count);
        Pad(_shadows, _values.Count);
    }

    public int Count => _values.Count;

    /// <summary>Takes what the object has under a JSON name.</summary>
    public static ElementValues Take(JsonObject owner, string jsonName) => new(Detach(owner, jsonName), Detach(owner, "_" + jsonName));

    /// <summary>How many repetitions the object has under a JSON name.</summary>
    public static int CountOf(JsonObject owner, string jsonName) => Math.Max(CountOf(owner[jsonName]), CountOf(owner["_" + jsonName]));

    /// <summary>Adds a value at the end; a failure where the element does not repeat and is there.</summary>
    public static PatchFailure? Add(JsonObject owner, PatchValue value)
    {
        if (!value.Match.Element.IsArray
            && TypeDefinition.JsonNamesOf(value.Match.Element).Any(name => owner.ContainsKey(name) || owner.ContainsKey("_" + name)))
        {
            return new("The element does not repeat and is there already.");
        }

        var values = Take(owner, value.JsonName);
        values.Insert(values.Count, value.Value, value.Shadow);
        values.Put(owner, value.JsonName, value.Match.Element.IsArray);
        return null;
    }

    public void Insert(int index, JsonNode? value, JsonNode? shadow)
    {
        _values.Insert(index, value);
        _shadows.Insert(index, shadow);
    }

    /// <summary>The object with the id and extensions of a repetition, made where there is none.</summary>
    public JsonObject ShadowAt(int index)
    {
        var shadow = _shadows[index] as JsonObject ?? [];
        _shadows[index] = shadow;
        return shadow;
    }

    public void RemoveAt(int index)
    {
        _values.RemoveAt(index);
        _shadows.RemoveAt(index);
    }

    public void Move(int source, int destination)
    {
        var (value, shadow) = (_values[source], _shadows[source]);
        RemoveAt(source);
        Insert(destination, value, shadow);
    }

    /// <summary>Puts what is left back, and nothing where nothing is left.</summary>
    public void Put(JsonObject owner, string jsonName, bool isArray)
    {
        for (var i = _values.Count - 1; i >= 0; i--)
        {
            if (_values[i] is null && _shadows[i] is null)
            {
                RemoveAt(i);
            }
        }

        Put(owner, jsonName, _values, isArray);
        Put(owner, "_" + jsonName, _shadows, isArray);
    }

    /// <summary>Takes an object that has become empty out of its surroundings, and those that become empty by that.</summary>
    public static void Prune(JsonObject emptied)
    {
        while (emptied.Count == 0 && emptied.Parent is { } parent)
        {
            var owner = parent as JsonObject ?? (JsonObject)parent.Parent!;
            var name = parent is JsonArray ? parent.GetPropertyName() : emptied.GetPropertyName();
            var index = parent is JsonArray ? emptied.GetElementIndex() : 0;
            var isShadow = name[0] == '_';
            var values = Take(owner, isShadow ? name[1..] : name);
            (isShadow ? values._shadows : values._values)[index] = null;
            values.Put(owner, isShadow ? name[1..] : name, parent is JsonArray);
            emptied = owner;
        }
    }

    private static void Put(JsonObject owner, string name, List<JsonNode?> nodes, bool isArray)
    {
        if (nodes.Exists(node => node is not null))
        {
            owner[name] = isArray ? new JsonArray([.. nodes]) : nodes[0];
        }
    }

    private static int CountOf(JsonNode? node) => node is JsonArray array ? array.Count : node is null ? 0 : 1;

    private static List<JsonNode?> Detach(JsonObject owner, string name)
    {
        if (!owner.TryGetPropertyValue(name, out var node))
        {
            return [];
        }

        owner.Remove(name);
        if (node is not JsonArray array)
        {
            return [node];
        }

        List<JsonNode?> nodes = [.. array];
        array.Clear();
        return nodes;
    }

    private static void Pad(List<JsonNode?> nodes, int count)
    {
        while (nodes.Count < count)
        {
            nodes.Add(null);
        }
    }
}
