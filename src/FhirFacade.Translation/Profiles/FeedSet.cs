using System.Collections.Concurrent;
using System.Collections.Immutable;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Profiles;

/// <summary>The profiles in force at one time. Immutable; safe for concurrent use.</summary>
public sealed class FeedSet
{
    private const int MaxKey = 400;
    private const int MaxRemembered = 4096;

    private readonly ImmutableArray<(FeedMatch Match, Feed Feed)> _rules;

    // What a sender's messages were found to match; most feeds have a handful of headers.
    private readonly ConcurrentDictionary<string, Feed> _chosen = new(StringComparer.Ordinal);

    internal FeedSet(Feed byDefault, ImmutableArray<CompiledProfile> profiles)
    {
        Default = byDefault;
        Profiles = profiles;
        _rules = [.. profiles.SelectMany(static p => p.Source.Matches.Select(m => (m, p.Feed))).OrderByDescending(static r => r.m.Rank)];
    }

    /// <summary>For messages that no profile is for.</summary>
    public Feed Default { get; }

    /// <summary>All feeds by name; the one that is built in is called <c>default</c>.</summary>
    public IEnumerable<Feed> Feeds => Profiles.Select(static p => p.Feed).Append(Default).DistinctBy(static f => f.Profile.Name).OrderBy(static f => f.Profile.Name, StringComparer.Ordinal);

    internal ImmutableArray<CompiledProfile> Profiles { get; }

    /// <summary>The feed of a name; null if there is none.</summary>
    public Feed? Find(string name) => Feeds.FirstOrDefault(f => f.Profile.Name == name);

    /// <summary>The feed of a message: that of the most specific profile that matches. No two profiles can match equally well.</summary>
    /// <param name="listener">Where it came in, such as <c>mllp:2575</c>.</param>
    /// <param name="message">The message.</param>
    public Feed Choose(string listener, Hl7Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_rules.IsEmpty)
        {
            return Default;
        }

        Span<char> key = stackalloc char[MaxKey];
        if (!FeedAddress.TryWriteKey(listener, message, key, out var length))
        {
            return Match(FeedAddress.Of(listener, message));
        }

        if (_chosen.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out var feed))
        {
            return feed;
        }

        feed = Match(FeedAddress.Of(listener, message));
        if (_chosen.Count < MaxRemembered)
        {
            _chosen.TryAdd(new string(key[..length]), feed);
        }

        return feed;
    }

    /// <summary>Why <see cref="Choose"/> chooses as it does, for a person to read; null if no profile matches.</summary>
    public string? Reason(string listener, Hl7Message message)
    {
        var address = FeedAddress.Of(listener, message);
        return _rules.FirstOrDefault(r => r.Match.Matches(address)).Match?.ToString();
    }

    private Feed Match(FeedAddress address)
    {
        foreach (var (match, feed) in _rules)
        {
            if (match.Matches(address))
            {
                return feed;
            }
        }

        return Default;
    }
}
