namespace FhirFacade.Comparison;

/// <summary>All differences of one kind at one element.</summary>
/// <param name="Kind">Of difference.</param>
/// <param name="Path">The element.</param>
/// <param name="Case">A case in which it occurs.</param>
/// <param name="Example">Peer's value and ours there, as far as each exists.</param>
public sealed record DifferenceClass(Difference Kind, string Path, string Case, string? Example)
{
    /// <summary>How often.</summary>
    public int Count { get; set; }
}
