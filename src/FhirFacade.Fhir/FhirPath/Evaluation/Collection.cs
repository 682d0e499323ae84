using System.Diagnostics.CodeAnalysis;

namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>An ordered collection of items. One item needs no memory of its own.</summary>
internal readonly struct Collection
{
    private readonly Item single;
    private readonly Item[]? many;

    public Collection(in Item item) => (single, Count) = (item, 1);

    public Collection(bool value)
        : this(new Item(value))
    {
    }

    internal Collection(in Item first, Item[]? many, int count) => (single, this.many, Count) = (first, many, count);

    public static Collection Empty => default;

    public int Count { get; }

    public bool IsEmpty => Count == 0;

    [UnscopedRef]
    public ref readonly Item this[int index] => ref many is null ? ref single : ref many[index];

    public static Collection Of(object? value) => value is null ? default : new Collection(new Item(value));

    public static Collection Of(bool? value) => value is { } known ? new Collection(known) : default;

    /// <summary>Items from <paramref name="start"/>, at most <paramref name="count"/>.</summary>
    public Collection Slice(int start, int count = int.MaxValue)
    {
        start = Math.Max(0, start);
        var end = (int)Math.Min(Count, (long)start + count);
        if (start == 0 && end == Count)
        {
            return this;
        }

        var slice = new CollectionBuilder();
        for (var i = start; i < end; i++)
        {
            slice.Add(this[i]);
        }

        return slice.ToCollection();
    }
}

/// <summary>Gathers items; a mutable struct, to be passed by reference.</summary>
internal struct CollectionBuilder
{
    private Item first;
    private Item[]? many;

    public int Count { get; private set; }

    public void Add(in Item item)
    {
        if (Count == 0)
        {
            first = item;
        }
        else
        {
            if (many is null)
            {
                many = new Item[4];
                many[0] = first;
            }
            else if (Count == many.Length)
            {
                Array.Resize(ref many, Count * 2);
            }

            many[Count] = item;
        }

        Count++;
    }

    public void Add(in Collection items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Add(items[i]);
        }
    }

    public void Reverse()
    {
        if (many is not null)
        {
            Array.Reverse(many, 0, Count);
        }
    }

    public readonly Collection ToCollection() => new(first, many, Count);
}
