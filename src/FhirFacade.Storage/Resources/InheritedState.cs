using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Storage.Resources;

/// <summary>What a resource had under the id that it had before, with the times at which it was said.</summary>
/// <param name="Doc">The resource as it was.</param>
/// <param name="Times">Which event spoke of each element.</param>
internal sealed record InheritedState(JsonObject Doc, FeedTimes Times)
{
    // The number is what has changed; the rest of what is its own the resource has from the store.
    private static readonly string[] Own = ["resourceType", "id", "meta", "identifier"];

    /// <summary>The state as the changes that made it, oldest first: applied to any other state they leave of each element what was said last.</summary>
    public IEnumerable<(ResourceChange Change, EventOrder At)> AsChanges(string type, string id)
    {
        if (!Times.IsOfRemainder && Untimed(type, id) is { Presumed.IsEmpty: false } untimed)
        {
            yield return (untimed, default);
        }

        foreach (var group in Times.Elements.Where(e => !Own.Contains(e.Key)).GroupBy(e => e.Value, e => e.Key).OrderBy(g => g.Key.At).ThenByDescending(g => g.Key.IsPresumed))
        {
            var content = new JsonObject { ["resourceType"] = type, ["id"] = id };
            var removed = new List<string>();
            foreach (var key in group)
            {
                Put(content, removed, key, $"link/{type}/{id}");
            }

            yield return (
                new ResourceChange(type, id, content, ChangeMode.Merge)
                {
                    Presumed = group.Key.IsPresumed ? [.. group.Select(static key => key.Split('.', '/')[0])] : [],
                    Removes = [.. removed],
                },
                group.Key.At);
        }
    }

    // What no event has spoken of stands only where there is nothing else.
    private ResourceChange Untimed(string type, string id)
    {
        var content = new JsonObject { ["resourceType"] = type, ["id"] = id };
        foreach (var (name, value) in Doc.Where(p => !Own.Contains(p.Key) && Times[p.Key.TrimStart('_')] is null && !Times.Elements.Any(e => p.Key.StartsWith(e.Key.Split('.', '/')[0], StringComparison.Ordinal))))
        {
            content[name] = value?.DeepClone();
        }

        return new ResourceChange(type, id, content, ChangeMode.Merge) { Presumed = [.. content.Select(static p => p.Key).Where(static name => name is not ("resourceType" or "id"))] };
    }

    private void Put(JsonObject content, List<string> removed, string key, string self)
    {
        if (key.Split('/', 2) is [var list, _])
        {
            // A patient is not linked to itself.
            if (key == self)
            {
                return;
            }

            var items = ((Doc[list] as JsonArray)?.OfType<JsonObject>() ?? []).Where(item => KeyedList.Of((string)Doc["resourceType"]!).Any(l => l.Name == list && l.Key(item) == key)).ToList();
            foreach (var item in items)
            {
                if (content[list] is not JsonArray array)
                {
                    content[list] = array = [];
                }

                array.Add(item.DeepClone());
            }

            if (items.Count == 0)
            {
                removed.Add(key);
            }
        }
        else if (key.Split('.') is [var period, var half])
        {
            var halves = content[period] as JsonObject;
            if (halves is null)
            {
                content[period] = halves = [];
            }

            halves[half] = Doc[period]?[half]?.DeepClone();
        }
        else if (R4.Definitions.Type((string)Doc["resourceType"]!)?.Element(key) is { IsChoice: true } choice)
        {
            var there = TypeDefinition.JsonNamesOf(choice).Where(name => Doc.ContainsKey(name) || Doc.ContainsKey("_" + name)).ToList();
            foreach (var name in there.Count > 0 ? there : TypeDefinition.JsonNamesOf(choice))
            {
                content[name] = Doc[name]?.DeepClone();
            }
        }
        else
        {
            content[key] = Doc[key]?.DeepClone();
            if (Doc["_" + key] is { } extensions)
            {
                content["_" + key] = extensions.DeepClone();
            }
        }
    }
}
