using System.Text.RegularExpressions;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>What a message must have so that a condition of the guide holds. A few are written too freely to be read; their rows have settings of their own.</summary>
public static partial class Conditions
{
    /// <summary>Fields, or components, and values; null stands for any value, the empty text for none.</summary>
    public static IEnumerable<(string At, string? Value)> Settings(string condition)
    {
        foreach (Match part in Test().Matches(condition))
        {
            var at = part.Groups["at"].Value;
            var (not, values) = (part.Groups["not"].Success, Quoted().Matches(part.Groups["values"].Value).Select(static m => m.Groups[1].Value).ToList());
            switch (part.Groups["verb"].Value.ToUpperInvariant())
            {
                case "VALUED" or "EXIST":
                    yield return (at, not ? "" : null);
                    break;
                case "EMPTY":
                    yield return (at, "");
                    break;
                default:
                    if (!not && values.Count > 0)
                    {
                        yield return (at, values[0]);
                    }

                    break;
            }
        }
    }

    [GeneratedRegex("""(?<at>[A-Z][A-Z0-9]{1,2}[-.]\d+(?:\.\d+)*)(?:\s+AND\s+(?<also>[A-Z][A-Z0-9]{1,2}[-.]\d+))?\s*(?:DOES\s+|IS\s+|ARE\s+|AREA\s+)*(?<not>NOT\s+)?(?:IS\s+)?(?<verb>VALUED|EXIST|EMPTY|EQUALS?|IN|IS|=|(?=["']))\s*(?<values>\([^)]*\)|"[^"]*"|'[^']*')?""", RegexOptions.IgnoreCase)]
    private static partial Regex Test();

    [GeneratedRegex("""["']([^"']*)["']""")]
    private static partial Regex Quoted();
}
