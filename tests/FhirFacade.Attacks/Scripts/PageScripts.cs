using System.Net;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Scripts;

/// <summary>Links to further pages that belong to somebody else, or that were changed.</summary>
internal static class PageScripts
{
    private const string Search = "Observation?_count=1&code=718-7";

    public static IEnumerable<Script> All =>
    [
        new("pages: the page link of another client", AnotherClientAsync),
        new("pages: the page link of another search, and one that was changed", ChangedAsync),
        new("pages: every page in each order", EveryPageAsync),
        new("pages: nothing readable in a link", ReadableAsync),
    ];

    private static async Task<string> AnotherClientAsync(Stage stage)
    {
        var root = await stage.World.RootAsync();
        foreach (var path in new[] { Search, "Observation/_history?_count=1", "Patient/~y/$everything?_count=1", "?_type=Patient,Observation&_count=1" })
        {
            var page = await stage.SendAsAsync(root, HttpMethod.Get, path);
            var answer = await stage.FollowAsync(stage.Token, HttpMethod.Get, Next(page));
            if (answer.Status == HttpStatusCode.OK || stage.Sings(answer))
            {
                return $"{path}: {(int)answer.Status}";
            }
        }
        return "";
    }

    private static async Task<string> ChangedAsync(Stage stage)
    {
        var link = Next(await stage.GetAsync(Search));
        var at = link.IndexOf("_page=", StringComparison.Ordinal) + 12;
        var other = link[..at] + (link[at] == 'A' ? 'B' : 'A') + link[(at + 1)..];
        foreach (var changed in new[] { other, link.Replace("/Observation", "/Patient", StringComparison.Ordinal), link[..^2], link + "AA" })
        {
            var answer = await stage.FollowAsync(stage.Token, HttpMethod.Get, changed);
            if (answer.Status == HttpStatusCode.OK)
            {
                return "a changed link was followed";
            }
        }
        return "";
    }

    private static async Task<string> EveryPageAsync(Stage stage)
    {
        foreach (var order in new[] { "", "&_sort=date", "&_sort=-_lastUpdated", "&_sort=-_id", "&_sort=code" })
        {
            var page = await stage.GetAsync("Observation?_count=1" + order);
            for (var pages = 0; ; pages++)
            {
                if (page.Status != HttpStatusCode.OK || stage.Sings(page) || page.Entries.Any(e => e.Reference.Contains(stage.World.Named("/~y-"), StringComparison.Ordinal)) || pages > 20)
                {
                    return $"{order}: page {pages}: {(int)page.Status}";
                }
                if (page.Link("next") is not { } next)
                {
                    break;
                }
                page = await stage.FollowAsync(stage.Token, HttpMethod.Get, next);
            }
        }
        return "";
    }

    private static async Task<string> ReadableAsync(Stage stage)
    {
        var link = Next(await stage.GetAsync("Observation?_count=1&patient.name=~Xavier"));
        var state = link[(link.IndexOf("_page=", StringComparison.Ordinal) + 6)..].Replace('-', '+').Replace('_', '/');
        var text = System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(state.PadRight((state.Length + 3) / 4 * 4, '=')));
        return (text + link).Contains("Xavier", StringComparison.OrdinalIgnoreCase) ? "the link says what was asked for" : "";
    }

    private static string Next(Answer page) =>
        page.Status == HttpStatusCode.OK && page.Link("next") is { } next ? next : throw new UnexpectedAnswerException("no next page", page);
}
