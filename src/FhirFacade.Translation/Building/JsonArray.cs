using System.Collections;
using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Building;

/// <summary>A list of nodes.</summary>
internal sealed class JsonArray : JsonNode, IReadOnlyList<JsonNode?>
{
    // Most lists have one item: it needs no array.
    private JsonNode? _only;
    private JsonNode?[]? _items;

    public JsonArray()
    {
    }

    public JsonArray(params ReadOnlySpan<JsonNode?> items)
    {
        _items = items.Length > 1 ? new JsonNode?[items.Length] : null;
        Count = items.Length;
        items.CopyTo(Items);
    }

    public int Count { get; private set; }

    public override JsonNode? this[int index]
    {
        get => Items[index];
        set => Items[index] = value;
    }

    /// <summary>Valid until the array is changed.</summary>
    public Span<JsonNode?> Items => _items is null ? new Span<JsonNode?>(ref _only)[..Count] : _items.AsSpan(0, Count);

    public void Add(JsonNode? item)
    {
        if (_items is null && Count == 1)
        {
            _items = [_only, null, null, null];
        }
        else if (Count == _items?.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        Count++;
        Items[^1] = item;
    }

    public void Clear()
    {
        Items.Clear();
        Count = 0;
    }

    /// <summary>False if the very node is not in the list.</summary>
    public bool Remove(JsonNode? item)
    {
        for (var i = 0; i < Count; i++)
        {
            if (ReferenceEquals(Items[i], item))
            {
                RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    public void RemoveAt(int index)
    {
        Items[(index + 1)..].CopyTo(Items[index..]);
        Items[^1] = null;
        Count--;
    }

    public void Insert(int index, JsonNode? item)
    {
        Add(null);
        Items[index..^1].CopyTo(Items[(index + 1)..]);
        Items[index] = item;
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
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<JsonNode?>)this).GetEnumerator();
}
