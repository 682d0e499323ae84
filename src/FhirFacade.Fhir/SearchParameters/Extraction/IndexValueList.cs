using System.Collections.Immutable;

namespace FhirFacade.Fhir.SearchParameters.Extraction;

/// <summary>Gathers index values; equal ones of one parameter are kept once.</summary>
internal sealed class IndexValueList
{
    private const int HashFrom = 24;
    private readonly ImmutableArray<IndexValue>.Builder values = ImmutableArray.CreateBuilder<IndexValue>(32);
    private HashSet<IndexValue>? seen;
    private int start;

    public int Count => values.Count;

    /// <summary>Later values belong to another parameter than earlier ones.</summary>
    public void NextParameter()
    {
        start = values.Count;
        seen = null;
    }

    public void Add(IndexValue value)
    {
        if (values.Count - start < HashFrom)
        {
            for (var i = start; i < values.Count; i++)
            {
                if (values[i].Equals(value))
                {
                    return;
                }
            }
        }
        else
        {
            seen ??= [.. values.Skip(start)];
            if (!seen.Add(value))
            {
                return;
            }
        }

        values.Add(value);
    }

    /// <summary>Takes back what was added since the parameter began.</summary>
    public ImmutableArray<IndexValue> TakeParameter()
    {
        var taken = ImmutableArray.CreateRange(values.Skip(start));
        values.Count = start;
        seen = null;
        return taken;
    }

    public ImmutableArray<IndexValue> ToImmutable() => values.DrainToImmutable();
}
