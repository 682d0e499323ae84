using System.Globalization;

namespace FhirFacade.Server.Rest;

/// <summary>Version numbers as entity tags: <c>W/"3"</c> (R4 http.html, managing resource contention).</summary>
public static class ETag
{
    // Most resources have few versions.
    private static readonly string[] First = [.. Enumerable.Range(0, 64).Select(Make)];

    /// <summary>The tag of a version.</summary>
    public static string Of(int version) => (uint)version < (uint)First.Length ? First[version] : Make(version);

    /// <summary>The version in one tag, with or without <c>W/</c>; null for what is none of ours.</summary>
    public static int? Parse(ReadOnlySpan<char> tag)
    {
        tag = tag.Trim();
        if (tag.StartsWith("W/", StringComparison.OrdinalIgnoreCase))
        {
            tag = tag[2..];
        }
        return tag is ['"', .. var digits, '"'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    /// <summary>Whether a list of tags (If-None-Match) names the version, or is <c>*</c>.</summary>
    public static bool Lists(ReadOnlySpan<char> tags, int version)
    {
        foreach (var range in tags.Split(','))
        {
            var tag = tags[range].Trim();
            if (tag is "*" || Parse(tag) == version)
            {
                return true;
            }
        }
        return false;
    }

    private static string Make(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
}
