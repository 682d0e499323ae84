using System.Globalization;
using System.Text;

namespace FhirFacade.Storage.Resources;

/// <summary>Of one resource: which event last spoke of each element. <c>*</c> stands for all elements that are not named.</summary>
internal sealed class FeedTimes
{
    /// <summary>The key of everything: a message that replaced the resource as a whole.</summary>
    public const string Everything = "*";

    private readonly Dictionary<string, FeedTime> _elements = new(StringComparer.Ordinal);

    /// <summary>Null where no event has spoken of the element.</summary>
    public FeedTime? this[string element] =>
        _elements.TryGetValue(element, out var time) ? time
        : _elements.TryGetValue(Everything, out time) ? time
        : null;

    /// <summary>True if some element's event is later than this.</summary>
    public bool HasLaterThan(long time) => _elements.Values.Any(t => t.Milliseconds > time);

    public void Set(string element, FeedTime time) => _elements[element] = time;

    /// <summary>An event has spoken of everything: what earlier ones said of single elements counts no more.</summary>
    public void SetEverything(long time)
    {
        foreach (var (element, _) in _elements.Where(e => e.Value.Milliseconds <= time).ToList())
        {
            _elements.Remove(element);
        }

        if (!_elements.ContainsKey(Everything))
        {
            _elements[Everything] = new(time, IsPresumed: false);
        }
    }

    /// <summary>Reads the column; an empty text is no event yet.</summary>
    public static FeedTimes Parse(string text)
    {
        var times = new FeedTimes();
        foreach (var group in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = group.IndexOf(':', StringComparison.Ordinal);
            var isPresumed = group[colon - 1] == '!';
            var time = new FeedTime(long.Parse(group.AsSpan(0, isPresumed ? colon - 1 : colon), NumberStyles.HexNumber, CultureInfo.InvariantCulture), isPresumed);
            foreach (var element in group[(colon + 1)..].Split(','))
            {
                times._elements[element] = time;
            }
        }

        return times;
    }

    /// <summary>As the column holds it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var group in _elements.GroupBy(e => e.Value, e => e.Key).OrderBy(g => g.Key.Milliseconds).ThenBy(g => g.Key.IsPresumed))
        {
            text.Append(text.Length > 0 ? ";" : "")
                .Append(group.Key.Milliseconds.ToString("x", CultureInfo.InvariantCulture))
                .Append(group.Key.IsPresumed ? "!:" : ":")
                .AppendJoin(',', group.Order(StringComparer.Ordinal));
        }

        return text.ToString();
    }
}

/// <summary>When an event spoke of an element.</summary>
/// <param name="Milliseconds">Since 1970, UTC.</param>
/// <param name="IsPresumed">It only presumed it: what any event said outright goes before.</param>
internal readonly record struct FeedTime(long Milliseconds, bool IsPresumed)
{
    /// <summary>True if this one stands against the other; of two at the same time the one that comes second.</summary>
    public bool StandsAgainst(FeedTime other) => IsPresumed == other.IsPresumed ? Milliseconds >= other.Milliseconds : !IsPresumed;
}
