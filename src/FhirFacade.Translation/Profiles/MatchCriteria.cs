namespace FhirFacade.Translation.Profiles;

/// <summary>The names by which a profile says which messages it is for.</summary>
internal static class MatchCriteria
{
    private const int MaxAlternatives = 100;

    /// <exception cref="InvalidProfileException">There is no such criterion, or it is said twice.</exception>
    public static void Add(Dictionary<string, IReadOnlyList<string>> criteria, string name, IReadOnlyList<string> alternatives, ProfileSource source, int line)
    {
        if (name is not "message" && !FeedMatch.Names.Contains(name))
        {
            throw source.Wrong(line, $"there is nothing called '{name}' to match on; there are {string.Join(", ", FeedMatch.Names)} and message");
        }

        if (alternatives.Count is 0 or > MaxAlternatives || alternatives.Any(string.IsNullOrWhiteSpace))
        {
            throw source.Wrong(line, $"{name} needs a text, or up to {MaxAlternatives} of them");
        }

        if (!criteria.TryAdd(name, alternatives) || (criteria.ContainsKey("message") && (criteria.ContainsKey("type") || criteria.ContainsKey("trigger"))))
        {
            throw source.Wrong(line, "message (or type and trigger) is said twice");
        }

        if (criteria.Values.Aggregate(1L, static (n, c) => n * c.Count) > 10_000)
        {
            throw source.Wrong(line, "these are too many combinations");
        }
    }
}
