namespace FhirFacade.Translation.Profiles;

/// <summary>The messages that a profile is for: all that is said must hold.</summary>
/// <param name="Patterns">One for each of <see cref="Names"/>, in that order.</param>
/// <param name="Line">In the profile's file.</param>
internal sealed record FeedMatch(IReadOnlyList<Wildcard> Patterns, int Line)
{
    /// <summary>What can be told of a message before it is translated. <c>message</c> becomes type and trigger.</summary>
    public static readonly string[] Names = ["listener", "sendingApplication", "sendingFacility", "receivingApplication", "receivingFacility", "type", "trigger"];

    /// <summary>
    /// More exact texts beat fewer; then more patterns with wildcards beat fewer; then more characters. A larger number wins.
    /// </summary>
    public int Rank { get; } =
        (Patterns.Count(static p => p.IsExact) * 1_000_000) + (Patterns.Count(static p => p.IsRestriction && !p.IsExact) * 10_000) + Math.Min(Patterns.Sum(static p => p.Literals), 9_999);

    public bool Matches(FeedAddress address)
    {
        for (var i = 0; i < Patterns.Count; i++)
        {
            if (!Patterns[i].Matches(address[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Neither is the more specific, and one message can match both.</summary>
    public bool Ties(FeedMatch other) => Rank == other.Rank && Patterns.Zip(other.Patterns, static (a, b) => a.Overlaps(b)).All(static o => o);

    /// <summary>Every combination of the alternatives that each criterion names.</summary>
    /// <param name="criteria">Name of <see cref="Names"/> or <c>message</c>, and its alternatives.</param>
    /// <param name="line">Where they stand.</param>
    public static IEnumerable<FeedMatch> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> criteria, int line)
    {
        IEnumerable<Wildcard[]> rules = [[.. Names.Select(static _ => Wildcard.Any)]];
        foreach (var (name, alternatives) in criteria)
        {
            rules = [.. rules.SelectMany(rule => alternatives.Select(text => With(rule, name, text)))];
        }

        return rules.Select(rule => new FeedMatch(rule, line));
    }

    private static Wildcard[] With(Wildcard[] rule, string name, string text)
    {
        Wildcard[] changed = [.. rule];
        if (name == "message")
        {
            var parts = text.Split('^');
            changed[5] = new(parts[0]);
            changed[6] = new(parts.Length > 1 ? parts[1] : null);
        }
        else
        {
            changed[Array.IndexOf(Names, name)] = new(text);
        }

        return changed;
    }

    public override string ToString()
    {
        var said = Names.Zip(Patterns).Where(static p => p.Second.IsRestriction).Select(static p => $"{p.First} {p.Second}");
        return string.Join(", ", said.DefaultIfEmpty("everything"));
    }
}
