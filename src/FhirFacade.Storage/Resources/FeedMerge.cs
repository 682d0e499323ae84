using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// How what a message says meets what is stored. Of each element the latest event counts, by its own time and not by when it came, so
/// that the same messages in another order end in the same resource. An element is a top-level one with all types of a choice, or half of a
/// Period, or an item of a <see cref="KeyedList"/>.
/// </summary>
internal sealed class FeedMerge
{
    private readonly ResourceChange _change;
    private readonly JsonObject? _stored;
    private readonly TypeDefinition _type;
    private readonly FeedTimes? _times;
    private readonly EventOrder _at;
    private readonly Dictionary<string, FeedTime> _spoken = new(StringComparer.Ordinal);

    private FeedMerge(ResourceChange change, JsonObject? stored, FeedTimes? times, EventOrder at)
    {
        _change = change;
        _stored = stored;
        _type = R4.Definitions.Type(change.Type) ?? throw new ArgumentException("The resource has no type of R4.", nameof(change));
        _times = times;
        _at = at;
    }

    /// <summary>The resource after a message whose place in time is not known: it counts when it comes.</summary>
    /// <param name="change">What the message says.</param>
    /// <param name="stored">Null where there is none; not changed.</param>
    public static JsonObject InOrderOfArrival(ResourceChange change, JsonObject? stored) =>
        change.Mode == ChangeMode.Merge ? new FeedMerge(change, stored, null, default).Merge() : MergePatch.WithoutNulls(change.Content);

    /// <summary>The resource after a message of a known time.</summary>
    /// <param name="change">What the message says.</param>
    /// <param name="stored">Null where there is none; not changed.</param>
    /// <param name="times">What is known of earlier events; this one is put in.</param>
    /// <param name="at">The event.</param>
    public static JsonObject InOrderOfEvents(ResourceChange change, JsonObject? stored, FeedTimes times, EventOrder at)
    {
        var merge = new FeedMerge(change, stored, times, at);
        return change.Mode == ChangeMode.Merge ? merge.Merge() : merge.Replace(times);
    }

    private JsonObject Merge()
    {
        var said = new JsonObject();
        var lists = KeyedList.Of(_change.Type);
        foreach (var (name, value) in _change.Content)
        {
            var element = Element(name);
            if (lists.Any(list => list.Name == element))
            {
                continue;
            }

            _type.TryMatch(element, out var match);
            if (element is "resourceType" or "id")
            {
                said[name] = value?.DeepClone();
            }
            else if (match is { TypeName: "Period", Element.IsArray: false })
            {
                Period(said, name, value as JsonObject);
            }
            else if (Counts(match is { Element.IsChoice: true } ? match.Element.Name : element, element))
            {
                said[name] = value?.DeepClone();
            }
        }

        foreach (var list in lists)
        {
            var keys = list.Keys(_change).Where(key => Counts(key, list.Name)).ToHashSet();
            if (keys.Count > 0)
            {
                said[list.Name] = list.Merge(_stored, _change, keys);
            }
        }

        var result = _stored is null ? MergePatch.WithoutNulls(said) : MergePatch.Apply(_stored, said);
        foreach (var (element, at) in _spoken)
        {
            if (!_change.IsNamedInPassing || IsChanged(element, result))
            {
                _times?.Set(element, at);
            }
        }

        return result;
    }

    // What is named in passing by every other message is written only when it changes, and so is when it did: else all feeds would queue at the
    // row of the one laboratory.
    private bool IsChanged(string key, JsonObject result)
    {
        var end = key.AsSpan().IndexOfAny('.', '/', '[');
        var element = end < 0 ? key : key[..end];
        return element != "meta"
            && result.Concat(_stored ?? []).Select(static p => p.Key).Where(name => Element(name).StartsWith(element, StringComparison.Ordinal)).Distinct()
                .Any(name => !JsonNode.DeepEquals(_stored?[name], result[name]));
    }

    // A deleted Period is two deleted halves.
    private void Period(JsonObject said, string name, JsonObject? period)
    {
        var halves = new JsonObject();
        foreach (var (half, value) in period ?? new JsonObject { ["start"] = null, ["end"] = null })
        {
            if (Counts($"{name}.{Element(half)}", name))
            {
                halves[half] = value?.DeepClone();
            }
        }

        if (halves.Count > 0)
        {
            said[name] = halves;
        }
    }

    // What is only presumed does not stand against what is known, whoever said it.
    private bool Counts(string key, string element)
    {
        var now = new FeedTime(_at, _change.Presumed.Contains(element));
        var counts = _times?[key] is { } before ? now.StandsAgainst(before) : !now.IsPresumed || _stored?.ContainsKey(element) != true;
        if (counts)
        {
            _spoken[key] = now;
        }

        return counts;
    }

    private JsonObject Replace(FeedTimes times)
    {
        var content = MergePatch.WithoutNulls(_change.Content);
        if (_stored is not null && times.HasLaterThan(_at))
        {
            foreach (var name in _stored.Select(p => p.Key).Concat(content.Select(p => p.Key)).Distinct().ToList())
            {
                var element = Element(name);
                var key = _type.TryMatch(element, out var match) && match.Element.IsChoice ? match.Element.Name : element;
                if (element is "resourceType" or "id" || !(times[key]?.At > _at))
                {
                    continue;
                }

                content.Remove(name);
                if (_stored[name] is { } kept)
                {
                    content[name] = kept.DeepClone();
                }
            }
        }

        times.SetEverything(_at);
        return content;
    }

    private static string Element(string property) => property is ['_', _, ..] ? property[1..] : property;
}
