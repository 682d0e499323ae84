using System.Collections.Frozen;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>What the database knows of the terms of one type: how many rows, and how many of them have each of the commonest terms.</summary>
/// <param name="Rows">About how many rows the table has; 0 if nobody has counted yet.</param>
/// <param name="Common">The share of rows (0 to 1) of each of the commonest terms.</param>
/// <param name="Rare">The share that a term has at most if it is not among them.</param>
public sealed record TermStatistics(double Rows, FrozenDictionary<long, float> Common, double Rare)
{
    /// <summary>Nothing is known; every term counts as rare.</summary>
    public static TermStatistics Unknown { get; } = new(0, FrozenDictionary<long, float>.Empty, 0);

    /// <summary>At most about this share of the rows has one of the terms.</summary>
    public double Share(IEnumerable<long> terms) => Math.Min(1, terms.Sum(term => Common.TryGetValue(term, out var share) ? share : Rare));
}
