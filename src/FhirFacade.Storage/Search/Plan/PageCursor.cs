using System.Collections.Immutable;

namespace FhirFacade.Storage.Search.Plan;

/// <summary>Where a page begins. The server signs it and hands it out in the page links; it is worth nothing without the grant it is bound to.</summary>
/// <param name="Binding">The search and the grant that it belongs to (<see cref="CursorBinding"/>).</param>
/// <param name="Keys">The sort keys of the last row of the page before, as text, one for each sort order.</param>
/// <param name="Rid">The number of that row.</param>
/// <param name="Backward">Whether the page lies before that row instead of after it.</param>
/// <param name="Type">The name of the plan that found that row (its type), where a search is of several.</param>
public sealed record PageCursor(string Binding, ImmutableArray<string> Keys, long Rid, bool Backward, string? Type = null)
{
    /// <inheritdoc/>
    public bool Equals(PageCursor? other) => other is not null && Binding == other.Binding && Rid == other.Rid && Backward == other.Backward && Type == other.Type
        && Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Binding, Rid, Backward);
}
