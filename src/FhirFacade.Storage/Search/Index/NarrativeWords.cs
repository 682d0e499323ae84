using System.Net;
using System.Text;
using System.Text.Json;

namespace FhirFacade.Storage.Search.Index;

/// <summary>The words of a resource's narrative, for <c>_text</c>.</summary>
public static class NarrativeWords
{
    /// <summary>How many different words of one narrative can be found.</summary>
    public const int Most = 500;

    /// <summary>The words in their normal form, each once; none where there is no narrative.</summary>
    public static IEnumerable<string> Of(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object
        && resource.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.Object
        && text.TryGetProperty("div", out var div) && div.ValueKind == JsonValueKind.String
            ? Split(WebUtility.HtmlDecode(WithoutTags(div.GetString()!))).Distinct(StringComparer.Ordinal).Take(Most)
            : [];

    /// <summary>The words of a text in their normal form.</summary>
    public static IEnumerable<string> Split(string text) => NormalText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string WithoutTags(string html)
    {
        var plain = new StringBuilder(html.Length);
        var inside = false;
        foreach (var c in html)
        {
            inside = c == '<' || (inside && c != '>');
            plain.Append(inside || c == '>' ? ' ' : c);
        }

        return plain.ToString();
    }
}
