using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>How the rows of a page are come by. A closed set: the records nested here. See notes.md.</summary>
public abstract record AccessPath
{
    private AccessPath()
    {
    }

    /// <summary>By id, or of the patients of several openings: few rows, every other condition is looked at in each.</summary>
    public sealed record Few : AccessPath;

    /// <summary>Along the index of one patient, like <see cref="Few"/>.</summary>
    /// <param name="Id">The patient.</param>
    /// <param name="Term">The reference to the patient, if rows that belong to nobody may match, too; null if the grant leaves them out.</param>
    public sealed record Patient(string Id, long? Term) : AccessPath;

    /// <summary>The few rows that have one of these terms, from the inverted index; every other condition is looked at in each, like <see cref="Few"/>.</summary>
    public sealed record Rare(Predicate.HasTerm Terms) : AccessPath;

    /// <summary>All matches from the inverted index (or whatever the database finds cheapest for all of them), then sorted.</summary>
    public sealed record All : AccessPath;

    /// <summary>Along the index that has the order of the page, until the page is full. For searches that nearly every row matches.</summary>
    public sealed record Ordered : AccessPath;

    /// <summary>Like <see cref="Ordered"/>, but giving up after so many rows; then all matches have to be fetched.</summary>
    public sealed record Walk(int Rows) : AccessPath;

    /// <summary>Along the postings of one code in the order of the main date, giving up after so many.</summary>
    public sealed record Posting(long Term, int Rows) : AccessPath;

    /// <summary>No way that ends in time.</summary>
    public sealed record Refused : AccessPath;

    /// <summary>Whether it leads to so few rows that nothing is gained by fetching the resources last.</summary>
    public bool IsShort => this is Few or Patient or Rare;
}
