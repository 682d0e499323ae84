using System.Collections;
using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Building;

/// <summary>A list of nodes.</summary>
internal sealed class JsonArray : JsonNode, IReadOnlyList<JsonNode?>
{
    private JsonNode?[] _items;

    public JsonArray() => _items = [];

    public JsonArray(params ReadOnlySpan<JsonNode?> items) => (_items, Count) = (items.ToArray(), items.Length);

    public int Count { get; private set; }

    public override JsonNode? this[int index]
    {
        get => Items[index];
        set => Items[index] = value;
    }

    /// <summary>Valid until the array is changed.</summary>
    public Span<JsonNode?> Items => _items.AsSpan(0, Count);

    public void Add(JsonNode? item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(2, 2 * Count));
        }

        _items[Count++] = item;
    }

    public void Clear()
    {
        Items.Clear();
        Count = 0;
    }

    /// <summary>False if the very node is not in the list.</summary>
    public bool Remove(JsonNode? item)
    {
        var index = Array.IndexOf(_items, item, 0, Count);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    public void RemoveAt(int index)
    {
        Items[(index + 1)..].CopyTo(Items[index..]);
        _items[--Count] = null;
    }

    public void Insert(int index, JsonNode? item)
    {
        Add(null);
        Items[index..^1].CopyTo(Items[(index + 1)..]);
        _items[index] = item;
    }

    public override JsonNode DeepClone()
    {
        var clone = new JsonArray(Items);
        foreach (ref var item in clone.Items)
        {
            item = item?.DeepClone();
        }

        return clone;
    }

    public override Nodes.JsonNode ToNode()
    {
        var array = new Nodes.JsonArray();
        foreach (var item in Items)
        {
            array.Add(item?.ToNode());
        }

        return array;
    }

    public Span<JsonNode?>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<JsonNode?> IEnumerable<JsonNode?>.GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonNode?>)this).GetEnumerator();
}
