using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>Reads a target as the guide writes it: <c>participant[1].individual(PractitionerRole.location(Location))</c>.</summary>
public static partial class GuideTarget
{
    /// <summary>The element that must be there, with its resource: here <c>PractitionerRole.location</c>.</summary>
    /// <param name="resource">The resource of the map.</param>
    /// <param name="target">The guide's path; parentheses may be missing at its end.</param>
    public static string Element(string resource, string target)
    {
        var text = Noise().Replace(target, "").Trim('.').Replace("$value", "$this", StringComparison.Ordinal);
        if (text.EndsWith(".uri", StringComparison.Ordinal) && text.Contains("xtension", StringComparison.Ordinal))
        {
            text = $"{text[..^4]}.url";
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return text is "$this" or "" ? resource : $"{resource}.{text.Replace("$this.", "", StringComparison.Ordinal)}";
        }

        var (outer, inner) = (text[..open].Trim('.'), text[(open + 1)..]);
        var close = Closing(inner);
        var (content, rest) = close < 0 ? (inner, "") : (inner[..close], inner[(close + 1)..].Trim('.'));
        var type = Word().Match(content).Value;
        var below = content[type.Length..].Trim('.');
        return below.Length > 0 ? Element(type, below)
            : rest.Length > 0 ? $"{type}.{rest}"
            : $"{resource}.{outer}";
    }

    /// <summary>What a row of a message map makes: a resource, or an element of one.</summary>
    public static string Made(string target)
    {
        var text = Noise().Replace(target, "").Split('=')[0];
        text = text.IndexOf('(', StringComparison.Ordinal) is > 0 and var open ? text[..open] : text;
        return text;
    }

    /// <summary>The resource that a map is about: the first word in its brackets.</summary>
    public static string Resource(string map) => Bracket().Match(map).Groups[1].Value;

    private static int Closing(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth < 0)
            {
                return i;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"\[[^\]]*\]|\s|\?\?.*$")]
    private static partial Regex Noise();

    [GeneratedRegex(@"^[A-Za-z]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\[([A-Za-z]+)")]
    private static partial Regex Bracket();
}
