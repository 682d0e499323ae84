using System.Globalization;
using System.Text;

namespace FhirFacade.Storage.Resources;

/// <summary>Of one resource: which event last spoke of each element. <c>*</c> stands for all elements that are not named.</summary>
internal sealed class FeedTimes
{
    /// <summary>The key of everything: a message that replaced the resource as a whole.</summary>
    public const string Everything = "*";

    // The key of nothing: what stands there is what was left when the resource became another one.
    private const string Remainder = "~";

    private readonly Dictionary<string, FeedTime> _elements = new(StringComparer.Ordinal);

    /// <summary>The elements of which events have spoken.</summary>
    public IEnumerable<KeyValuePair<string, FeedTime>> Elements => _elements.Where(static e => e.Key != Remainder);

    /// <summary>True if the resource has become another one: of what is left no event has spoken.</summary>
    public bool IsOfRemainder => _elements.ContainsKey(Remainder);

    /// <summary>Those of a resource that has become another one.</summary>
    public static FeedTimes OfRemainder()
    {
        var times = new FeedTimes();
        times.Set(Remainder, default);
        return times;
    }

    /// <summary>The resource is one of its own again.</summary>
    public void Revive() => _elements.Remove(Remainder);

    /// <summary>Null where no event has spoken of the element.</summary>
    public FeedTime? this[string element] =>
        _elements.TryGetValue(element, out var time) ? time
        : _elements.TryGetValue(Everything, out time) ? time
        : null;

    /// <summary>True if some element's event is later than this.</summary>
    public bool HasLaterThan(EventOrder at) => _elements.Values.Any(t => t.At > at);

    /// <summary>True if some element's event is this one or later.</summary>
    public bool HasSince(EventOrder at) => _elements.Values.Any(t => t.At >= at);

    public void Set(string element, FeedTime time) => _elements[element] = time;

    /// <summary>An event has spoken of everything: what earlier ones said of single elements counts no more.</summary>
    public void SetEverything(EventOrder at)
    {
        foreach (var (element, _) in _elements.Where(e => e.Value.At <= at).ToList())
        {
            _elements.Remove(element);
        }

        if (!_elements.ContainsKey(Everything))
        {
            _elements[Everything] = new(at, IsPresumed: false);
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
            var at = group.AsSpan(0, isPresumed ? colon - 1 : colon);
            var dot = at.IndexOf('.');
            var time = new FeedTime(new(Number(dot < 0 ? at : at[..dot]), dot < 0 ? 0 : Number(at[(dot + 1)..])), isPresumed);
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
        foreach (var group in _elements.GroupBy(e => e.Value, e => e.Key).OrderBy(g => g.Key.At).ThenBy(g => g.Key.IsPresumed))
        {
            text.Append(text.Length > 0 ? ";" : "")
                .Append(CultureInfo.InvariantCulture, $"{group.Key.At.Milliseconds:x}.{group.Key.At.Message:x}")
                .Append(group.Key.IsPresumed ? "!:" : ":")
                .AppendJoin(',', group.Order(StringComparer.Ordinal));
        }

        return text.ToString();
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
