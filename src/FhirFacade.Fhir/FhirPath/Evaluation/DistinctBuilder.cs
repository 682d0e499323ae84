namespace FhirFacade.Fhir.FhirPath.Evaluation;

/// <summary>Gathers items that are not equal to one gathered before. Strings, the common case, are found by hash.</summary>
internal struct DistinctBuilder(EvaluationState state)
{
    private const int HashFrom = 8;
    private CollectionBuilder items;
    private HashSet<string>? simple;

    public readonly int Count => items.Count;

    public static bool Contains(in Collection items, in Item item)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (Equality.AreEqual(items[i], item) == true)
            {
                return true;
            }
        }

        return false;
    }

    public void Add(in Collection added)
    {
        for (var i = 0; i < added.Count; i++)
        {
            Add(added[i]);
        }
    }

    /// <summary>False where it was there before.</summary>
    public bool Add(in Item item)
    {
        if (item.Kind == SystemKind.String && (simple is not null || items.Count >= HashFrom) && item.ToSystem() is string text)
        {
            simple ??= Strings(items.ToCollection());
            if (!simple.Add(text))
            {
                return false;
            }
        }
        else
        {
            state.Step(items.Count);
            if (Contains(items.ToCollection(), item))
            {
                return false;
            }
        }

        items.Add(item);
        return true;
    }

    public readonly Collection ToCollection() => items.ToCollection();

    private static HashSet<string> Strings(in Collection items)
    {
        var strings = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Kind == SystemKind.String && items[i].ToSystem() is string text)
            {
                strings.Add(text);
            }
        }

        return strings;
    }
}
