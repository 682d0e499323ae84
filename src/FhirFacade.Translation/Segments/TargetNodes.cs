using FhirFacade.Translation.Building;

namespace FhirFacade.Translation.Segments;

/// <summary>A JSON object that the rows of one map may make: a complex element, an item of a list, or an extension of a url.</summary>
/// <param name="Parent">Index of the object it stands in; -1 for the resource.</param>
/// <param name="Name">Property in the parent.</param>
/// <param name="IsItem">The property is a list and this is one of its items.</param>
/// <param name="IsShared">The item has a label: one a segment, however often a field repeats.</param>
/// <param name="Url">For an extension.</param>
internal sealed record TargetNode(int Parent, string Name, bool IsItem, bool IsShared, string? Url);

/// <summary>
/// The target objects of one map, found by path at start-up so that at run time a row only needs an index. Grammar of a path:
/// <c>name</c>, <c>name[]</c> (an item of this field's own), <c>name[label]</c> (one item a segment, shared by all rows that use the label),
/// <c>extension(url)</c> (an item too, with or without a label), joined by dots.
/// </summary>
internal sealed class TargetNodes
{
    private readonly List<TargetNode> _nodes = [];
    private readonly Dictionary<string, int> _byKey = new(StringComparer.Ordinal);

    public int Count => _nodes.Count;

    public TargetNode this[int index] => _nodes[index];

    /// <summary>Splits a path into steps; dots inside an extension's url are not separators.</summary>
    public static List<string> Steps(string path)
    {
        var steps = new List<string>();
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i == path.Length || (path[i] == '.' && depth == 0))
            {
                steps.Add(path[start..i]);
                start = i + 1;
            }
            else
            {
                depth += path[i] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            }
        }

        return steps;
    }

    /// <summary>Index of the object that a step names inside a parent.</summary>
    public int Index(int parent, string step, string field)
    {
        var (name, label, url) = Parse(step);
        var isItem = label is not null || url is not null;
        var key = $"{parent}/{name}/{url}/{(isItem && string.IsNullOrEmpty(label) ? field : label)}";
        if (!_byKey.TryGetValue(key, out var index))
        {
            index = _nodes.Count;
            _nodes.Add(new TargetNode(parent, string.Intern(name), isItem, !string.IsNullOrEmpty(label), url));
            _byKey.Add(key, index);
        }

        return index;
    }

    /// <summary>True if the object, or one around it, is a list item without a label: a new one for each repetition of a field.</summary>
    public bool IsRepeated(int index)
    {
        for (; index >= 0; index = _nodes[index].Parent)
        {
            if (_nodes[index] is { IsItem: true, IsShared: false })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The object, made and attached if this run has not made it yet.</summary>
    public JsonObject GetOrCreate(int index, JsonObject?[] made, JsonObject content)
    {
        if (index < 0)
        {
            return content;
        }

        if (made[index] is { } there)
        {
            return there;
        }

        var node = _nodes[index];
        var parent = GetOrCreate(node.Parent, made, content);
        if (node.IsItem)
        {
            var item = node.Url is null ? new JsonObject() : new JsonObject { ["url"] = node.Url };
            Append(parent, node.Name, item);
            return made[index] = item;
        }

        if (parent[node.Name] is not JsonObject element)
        {
            parent[node.Name] = element = [];
        }

        return made[index] = element;
    }

    public static void Append(JsonObject parent, string name, JsonNode item)
    {
        if (parent[name] is not JsonArray list)
        {
            parent[name] = list = [];
        }

        list.Add(item);
    }

    /// <summary>Name, label (null without brackets) and url of a step.</summary>
    public static (string Name, string? Label, string? Url) Parse(string step)
    {
        string? label = null;
        if (step.EndsWith(']'))
        {
            var bracket = step.LastIndexOf('[');
            label = step[(bracket + 1)..^1];
            step = step[..bracket];
        }

        return step.EndsWith(')') && step.IndexOf('(', StringComparison.Ordinal) is var open
            ? (step[..open], label, step[(open + 1)..^1])
            : (step, label, null);
    }
}
