using System.Net;
using System.Text.Json;

namespace FhirFacade.Attacks.Http;

/// <summary>An HTTP answer, read to its end.</summary>
public sealed record Answer(HttpStatusCode Status, ILookup<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Body);

    public string? Header(string name) => Headers.Contains(name) ? string.Join(", ", Headers[name]) : null;

    /// <summary>The ids in a Bundle as <c>Type/id</c>, in order, with the mode they were found by.</summary>
    public IReadOnlyList<(string Reference, string Mode)> Entries => Json.TryGetProperty("entry", out var entries)
        ? [.. entries.EnumerateArray().Select(e => (
            $"{e.GetProperty("resource").GetProperty("resourceType").GetString()}/{(e.GetProperty("resource").TryGetProperty("id", out var id) ? id.GetString() : "")}",
            e.TryGetProperty("search", out var search) ? search.GetProperty("mode").GetString()! : ""))]
        : [];

    public IReadOnlyList<string> Matches => [.. Entries.Where(e => e.Mode == "match").Select(e => e.Reference)];

    public IReadOnlyList<string> Included => [.. Entries.Where(e => e.Mode == "include").Select(e => e.Reference)];

    public string? Link(string relation) => Json.GetProperty("link").EnumerateArray()
        .Where(l => l.GetProperty("relation").GetString() == relation)
        .Select(l => l.GetProperty("url").GetString())
        .FirstOrDefault();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var headers = response.Headers.Concat(response.Content.Headers)
            .SelectMany(h => h.Value.Select(v => (h.Key, v)))
            .ToLookup(h => h.Key, h => h.v, StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }
}
