using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Storage.Search.Plan;

namespace FhirFacade.Server.Rest;

/// <summary>A search as it came: from parameters, or from a page link that stands for parameters.</summary>
/// <param name="Address">What is searched.</param>
/// <param name="Parameters">What is asked for.</param>
/// <param name="From">Where the page begins; null for the first.</param>
/// <param name="Link">The page link that was followed, if one was.</param>
internal sealed record SearchRequest(SearchAddress Address, IReadOnlyList<KeyValuePair<string, string>> Parameters, PageCursor? From, string? Link)
{
    /// <summary>Opens the page link among the parameters, if there is one.</summary>
    public static (SearchRequest? Request, Refusal? Refusal) Read(
        SearchAddress address, IReadOnlyList<KeyValuePair<string, string>> parameters, AccessGrant grant, PageLinks pages)
    {
        if (PageLinks.In(parameters) is not { } link)
        {
            return (new SearchRequest(address, parameters, null, null), Rest.Parameters.Check(parameters));
        }
        return pages.Open(Route(address), grant, link) is { } state
            ? (new SearchRequest(address, state.Parameters, state.Cursor.Length == 0 ? null : JsonSerializer.Deserialize<PageCursor>(state.Cursor), link), null)
            : (null, Refusal.BadRequest("the page link was not made for this access token, or is too old"));
    }

    /// <summary>The page link for another page of this search.</summary>
    public string Seal(IReadOnlyList<KeyValuePair<string, string>> applied, PageCursor? cursor, AccessGrant grant, PageLinks pages)
    {
        var shape = Parameters.Where(p => p.Key is "_format" or "_pretty");
        return pages.Seal(Route(Address), grant, new PageState([.. applied, .. shape], cursor is null ? "" : JsonSerializer.Serialize(cursor)));
    }

    private static string Route(SearchAddress address) => $"search {address.Path}";
}
