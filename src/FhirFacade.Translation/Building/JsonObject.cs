using System.Collections;
using System.Runtime.CompilerServices;
using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Building;

/// <summary>Properties in the order in which they were first set. FHIR's elements have few, so a name is found by looking at one after the other.</summary>
internal sealed class JsonObject : JsonNode, IEnumerable<KeyValuePair<string, JsonNode?>>
{
    // Nine of ten elements have no more.
    private const int Near = 3;
    private const int Far = 4;

    private NearProperties _near;
    private KeyValuePair<string, JsonNode?>[]? _far;

    public JsonObject()
    {
    }

    /// <param name="expected">How many properties it is likely to get.</param>
    public JsonObject(int expected)
    {
        if (expected > Near)
        {
            _far = new KeyValuePair<string, JsonNode?>[expected - Near];
        }
    }

    public int Count { get; private set; }

    public override JsonNode? this[string name]
    {
        get
        {
            var index = IndexOf(name);
            return index < 0 ? null : Property(index).Value;
        }

        set
        {
            var index = IndexOf(name);
            if (index >= 0)
            {
                Property(index) = new(Property(index).Key, value);
            }
            else
            {
                Add(new(name, value));
            }
        }
    }

    /// <summary>The property at a place, 0 to <see cref="Count"/> - 1.</summary>
    public ref readonly KeyValuePair<string, JsonNode?> At(int index) => ref Property(index);

    /// <summary>True also where the value is JSON null.</summary>
    public bool ContainsKey(string name) => IndexOf(name) >= 0;

    /// <summary>False if there is no such property.</summary>
    public bool Remove(string name)
    {
        var index = IndexOf(name);
        if (index < 0)
        {
            return false;
        }

        for (; index < Count - 1; index++)
        {
            Property(index) = Property(index + 1);
        }

        Property(--Count) = default;
        return true;
    }

    public override JsonNode DeepClone()
    {
        var clone = new JsonObject(Count);
        for (var i = 0; i < Count; i++)
        {
            ref var property = ref Property(i);
            clone.Add(new(property.Key, property.Value?.DeepClone()));
        }

        return clone;
    }

    public override Nodes.JsonNode ToNode() => ToObject();

    /// <inheritdoc cref="JsonNode.ToNode"/>
    public Nodes.JsonObject ToObject()
    {
        var json = new Nodes.JsonObject();
        for (var i = 0; i < Count; i++)
        {
            ref var property = ref Property(i);
            json.Add(property.Key, property.Value?.ToNode());
        }

        return json;
    }

    public IEnumerator<KeyValuePair<string, JsonNode?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return Property(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a property that is not there yet.</summary>
    public void Add(KeyValuePair<string, JsonNode?> property)
    {
        var index = Count - Near;
        if (index >= 0 && (_far is null || index == _far.Length))
        {
            Array.Resize(ref _far, Math.Max(Far, 2 * index));
        }

        Property(Count++) = property;
    }

    private ref KeyValuePair<string, JsonNode?> Property(int index) => ref index < Near ? ref _near[index] : ref _far![index - Near];

    private int IndexOf(string name)
    {
        var near = Math.Min(Count, Near);
        for (var i = 0; i < near; i++)
        {
            if (_near[i].Key == name)
            {
                return i;
            }
        }

        for (var i = 0; i < Count - Near; i++)
        {
            if (_far![i].Key == name)
            {
                return Near + i;
            }
        }

        return -1;
    }

    // Inside the object: most objects need no array.
    [InlineArray(Near)]
    private struct NearProperties
    {
        private KeyValuePair<string, JsonNode?> _first;
    }
}
