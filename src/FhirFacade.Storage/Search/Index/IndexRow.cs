using System.Collections.Immutable;
using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Storage.Search.Index;

/// <summary>All that the search index holds of one resource: columns of its row, and rows of its side tables.</summary>
/// <param name="RefHash">Column <c>ref_hash</c>.</param>
/// <param name="DateLow">
/// Column <c>date_lo</c>, never null: the earliest instant of the main date. <see cref="DateTimeOffset.MinValue"/> (written as
/// <c>-infinity</c>) for an open start, and where there is no date, so that those sort last when the newest come first.
/// </param>
/// <param name="DateHigh">Column <c>date_hi</c>: the first instant after; null where there is no date.</param>
/// <param name="Terms">Column <c>terms</c>, ascending, each once.</param>
/// <param name="Present">Column <c>present</c>, ascending: the parameters that have a value, for <c>:missing</c>.</param>
/// <param name="Ranges">Rows of the table <c>_range</c>.</param>
/// <param name="Texts">Rows of the table <c>_text</c>.</param>
public sealed record IndexRow(
    long RefHash,
    DateTimeOffset DateLow,
    DateTimeOffset? DateHigh,
    ImmutableArray<long> Terms,
    ImmutableArray<int> Present,
    ImmutableArray<IndexRange> Ranges,
    ImmutableArray<IndexText> Texts)
{
    /// <summary>Indexes a resource by all search parameters of its type.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The logical id.</param>
    /// <param name="document">The resource.</param>
    public static IndexRow From(string type, string id, JsonElement document) =>
        From(type, id, SearchIndexer.Extract(type, document));

    /// <summary>Indexes what was found in a resource.</summary>
    public static IndexRow From(string type, string id, IReadOnlyList<IndexValue> values)
    {
        var builder = new IndexRowBuilder(type);
        foreach (var value in values)
        {
            builder.Add(value);
        }

        return builder.ToRow(Index.Terms.Resource(type, id));
    }
}
