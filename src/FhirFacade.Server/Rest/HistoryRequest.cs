using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.SearchParameters;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest;

/// <summary>The parameters of a history (R4 http.html, history).</summary>
/// <param name="Range">Which versions.</param>
/// <param name="Count">Versions a page.</param>
/// <param name="After">Where the page begins; null for the first.</param>
internal sealed record HistoryRequest(HistoryRange Range, int Count, HistoryCursor? After)
{
    private const int DefaultCount = 50;
    private const int LargestCount = 1000;

    /// <summary>Reads them from the address or from a page link.</summary>
    public static (HistoryRequest? Request, Refusal? Refusal) Read(HttpRequest request, string route, AccessGrant grant, PageLinks pages)
    {
        var parameters = Parameters.Of(request);
        if (PageLinks.In(parameters) is { } link)
        {
            return pages.Open(route, grant, link) is { } state
                ? (JsonSerializer.Deserialize<HistoryRequest>(state.Cursor), null)
                : (null, Refusal.BadRequest("the page link was not made for this access token, or is too old"));
        }
        var result = new HistoryRequest(HistoryRange.All, DefaultCount, null);
        foreach (var (name, value) in parameters)
        {
            switch (name)
            {
                case "_since" when Instant(value) is { } since:
                    result = result with { Range = result.Range with { Since = since } };
                    break;
                case "_count" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                    result = result with { Count = Math.Clamp(count, 1, LargestCount) };
                    break;
                case "_at" when DateRange.TryParse(value, out var at):
                    result = result with { Range = HistoryRange.At(at.Low, at.High) with { Since = result.Range.Since } };
                    break;
                case "_since" or "_count" or "_at":
                    return (null, Refusal.BadRequest($"{name} has a value of the wrong form"));
                case "_list":
                    return (null, Refusal.BadRequest($"{name} is not offered on a history", "not-supported"));
            }
        }
        return (result, null);
    }

    /// <summary>The link to the page after the cursor.</summary>
    public string Next(HistoryCursor cursor, string route, AccessGrant grant, PageLinks pages) =>
        pages.Seal(route, grant, new PageState([], JsonSerializer.Serialize(this with { After = cursor })));

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
