using System.Globalization;
using System.Text.RegularExpressions;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Probes;

/// <summary>
/// An answer without what is new each time: names of requests and Bundles, page links, and times of asking. Two that are equal tell nobody a difference.
/// </summary>
public static partial class Seen
{
    private static readonly string[] ofTheMoment = ["Date", "X-Request-Id", "X-Correlation-Id", "Content-Length", "Last-Modified", "traceparent"];

    /// <summary>Status, headers and body.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="settled">What bears a later time was stamped when it was asked.</param>
    public static string Of(Answer answer, DateTimeOffset settled)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var headers = answer.Headers.Where(h => !ofTheMoment.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => $"{h.Key}: {string.Join(", ", h)}").Order(StringComparer.Ordinal);
        var text = PageLink().Replace(Guids().Replace(answer.Text, "*"), "_page=*");
        text = Times().Replace(text, time => DateTimeOffset.TryParse(time.Value, CultureInfo.InvariantCulture, out var when) && when < settled ? time.Value : "*");
        return $"{(int)answer.Status}\n{string.Join('\n', headers)}\n\n{text}";
    }

    /// <summary>Where two of them part, in a few words; empty if they do not.</summary>
    public static string Difference(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one == other)
        {
            return "";
        }
        var at = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{Around(one, at)} became {Around(other, at)}";
    }

    private static string Around(string text, int at) =>
        $"'{text[Math.Max(0, at - 30)..Math.Min(text.Length, at + 50)].ReplaceLineEndings(" ")}'";

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex Guids();

    [GeneratedRegex("_page=[^\"&]*")]
    private static partial Regex PageLink();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Times();
}
