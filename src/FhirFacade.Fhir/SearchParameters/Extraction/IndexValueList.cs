using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>Gathers index values; equal ones are kept once. Reused from resource to resource by one thread.</summary>
internal sealed class IndexValueList
{
    private const int HashFrom = 32;

    [ThreadStatic]
    private static IndexValueList? spare;

    private readonly List<(int Parameter, IndexValue Value)> values = new(64);
    private HashSet<IndexValue>? seen;
    private int start;
    private int parameter;

    /// <summary>An empty list; give it back by <see cref="ToImmutable"/>.</summary>
    public static IndexValueList Rent()
    {
        var list = spare ?? new IndexValueList();
        spare = null;
        return list;
    }

    /// <summary>The following values belong to the parameter of this number, which orders the result.</summary>
    public void For(int parameterNumber) => parameter = parameterNumber;

    public void Add(IndexValue value)
    {
        if (seen is not null || values.Count - start >= HashFrom)
        {
            seen ??= [.. Since(start)];
            if (!seen.Add(value))
            {
                return;
            }
        }
        else
        {
            for (var i = start; i < values.Count; i++)
            {
                if (values[i].Parameter == parameter && values[i].Value.Equals(value))
                {
                    return;
                }
            }
        }

        values.Add((parameter, value));
    }

    /// <summary>Runs the work on the list as if it were empty, and takes out what it added.</summary>
    public ImmutableArray<IndexValue> Apart<T>(T argument, Action<T, IndexValueList> work)
    {
        var (outerStart, outerSeen) = (start, seen);
        (start, seen) = (values.Count, null);
        work(argument, this);
        var added = Copy(start);
        values.RemoveRange(start, values.Count - start);
        (start, seen) = (outerStart, outerSeen);
        return added;
    }

    /// <summary>The values by parameter, otherwise as they were added. The list is given back.</summary>
    public ImmutableArray<IndexValue> ToImmutable()
    {
        var result = new IndexValue[values.Count];
        var filled = 0;
        for (var next = 0; next != int.MaxValue;)
        {
            var following = int.MaxValue;
            foreach (var (number, value) in values)
            {
                if (number == next)
                {
                    result[filled++] = value;
                }
                else if (number > next && number < following)
                {
                    following = number;
                }
            }

            next = following;
        }

        values.Clear();
        seen = null;
        spare = this;
        return ImmutableCollectionsMarshal.AsImmutableArray(result);
    }

    private ImmutableArray<IndexValue> Copy(int index)
    {
        if (values.Count == index)
        {
            return [];
        }

        var copy = new IndexValue[values.Count - index];
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = values[index + i].Value;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(copy);
    }

    private IEnumerable<IndexValue> Since(int index)
    {
        for (var i = index; i < values.Count; i++)
        {
            yield return values[i].Value;
        }
    }
}
