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
/// <param name="Coded">Rows of the table <c>index_text</c>, where they are not there yet.</param>
/// <param name="Postings">Terms under which the row is found by date, for the types that <see cref="Postings"/> names.</param>
public sealed record IndexRow(
    long RefHash,
    DateTimeOffset DateLow,
    DateTimeOffset? DateHigh,
    ImmutableArray<long> Terms,
    ImmutableArray<int> Present,
    ImmutableArray<IndexRange> Ranges,
    ImmutableArray<IndexText> Texts,
    ImmutableArray<IndexedText> Coded,
    ImmutableArray<long> Postings)
{
    /// <summary>The state of the site's own search parameters that it was made by (<see cref="SearchParameterSet.Generation"/>).</summary>
    public long Generation { get; init; }

    /// <summary>What the resource contains, in the order in which it stands there.</summary>
    public ImmutableArray<ContainedIndex> Contained { get; init; } = [];

    /// <summary>Indexes a resource by all search parameters of its type, and what it contains by those of theirs.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The logical id.</param>
    /// <param name="document">The resource.</param>
    public static IndexRow From(string type, string id, JsonElement document)
    {
        var parameters = SearchParameterSet.Indexed;
        var row = From(type, id, SearchIndexer.Extract(type, document, parameters), NarrativeWords.Of(document), AttachmentTerms.Of(type, document)) with { Generation = parameters.Generation };
        return ContainedIndex.Of(document) is { IsEmpty: false } contained ? row.With(contained) : row;
    }

    private IndexRow With(ImmutableArray<ContainedIndex> contained) => this with
    {
        Contained = contained,
        Present = [.. Present.Append(ContainedIndex.Mark).Order()],
        Coded = [.. Coded.Concat(contained.SelectMany(one => one.Index.Coded)).Distinct()],
    };

    /// <summary>Indexes what was found in a resource.</summary>
    /// <param name="type">The resource type.</param>
    /// <param name="id">The logical id.</param>
    /// <param name="values">What its search parameters found.</param>
    /// <param name="words">The words of its narrative, in their normal form.</param>
    /// <param name="more">Terms that no search parameter makes.</param>
    public static IndexRow From(string type, string id, IReadOnlyList<IndexValue> values, IEnumerable<string>? words = null, IEnumerable<long>? more = null)
    {
        var builder = new IndexRowBuilder(type);
        builder.Add(words ?? []);
        builder.Add(more ?? []);
        foreach (var value in values)
        {
            builder.Add(value);
        }

        return builder.ToRow(Index.Terms.Resource(type, id));
    }
}
