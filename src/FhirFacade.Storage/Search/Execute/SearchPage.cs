using System.Collections.Immutable;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>One page of a search.</summary>
/// <param name="Matches">In the order asked for.</param>
/// <param name="Included">Resources that <c>_include</c> and <c>_revinclude</c> brought, none of them a match of this page.</param>
/// <param name="Total">How many match in all: if asked for, or if this page is all there is; null otherwise, or if there are more than are counted.</param>
/// <param name="Next">Where the next page begins; null if there is none.</param>
/// <param name="Previous">Where the page before begins; null on the first page.</param>
/// <param name="Issues">What the client should know: a total not given, included resources left out.</param>
public sealed record SearchPage(
    ImmutableArray<StoredResource> Matches,
    ImmutableArray<StoredResource> Included,
    long? Total,
    PageCursor? Next,
    PageCursor? Previous,
    ImmutableArray<Issue> Issues)
{
    /// <summary>Why there is no page: more matches than can be put in the order asked for. Null if there is one.</summary>
    public Issue? Refusal { get; init; }

    /// <summary>No page, and why.</summary>
    internal static SearchPage Refused(Issue refusal) => new([], [], null, null, null, []) { Refusal = refusal };
}
