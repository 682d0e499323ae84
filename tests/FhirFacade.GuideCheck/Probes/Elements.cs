using System.Text.Json.Nodes;

namespace FhirFacade.GuideCheck.Probes;

/// <summary>The leaves of some resources, as paths without indexes (<c>Patient.name.family</c>) and their values.</summary>
/// <remarks>Ids are hashes of business keys, so a changed key would change every reference: what a reference leads to counts by its type alone.</remarks>
public sealed class Elements
{
    private readonly Dictionary<Leaf, int> _leaves = [];

    private Elements()
    {
    }

    /// <summary>Of all resources together.</summary>
    public static Elements Of(IEnumerable<JsonObject> resources)
    {
        var all = new Elements();
        foreach (var resource in resources)
        {
            var type = (string)resource["resourceType"]!;
            all.Add(type, "made");
            foreach (var (name, value) in resource)
            {
                if (name is not ("resourceType" or "id"))
                {
                    all.Walk($"{type}.{name.TrimStart('_')}", value);
                }
            }
        }

        return all;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Leaf> Leaves => _leaves.Keys;

    /// <summary>The leaves that are here more often than there.</summary>
    public List<Leaf> Beyond(Elements other) =>
        [.. _leaves.Where(l => l.Value > other._leaves.GetValueOrDefault(l.Key)).Select(static l => l.Key)];

    private void Walk(string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                var url = path.EndsWith(".extension", StringComparison.Ordinal) ? (string?)json["url"] : null;
                foreach (var (name, value) in json)
                {
                    Walk($"{path}.{name.TrimStart('_')}", value);
                    if (url is not null && name != "url")
                    {
                        Walk($"{path}({url[(url.LastIndexOf('/') + 1)..]}).{name}", value);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Walk(path, item);
                }

                break;
            case null:
                Add(path, "null");
                break;
            default:
                var text = node.ToString();
                Add(path, path.EndsWith(".reference", StringComparison.Ordinal) && text.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? text[..slash] : text);
                break;
        }
    }

    private void Add(string path, string value) => _leaves[new Leaf(path, value)] = _leaves.GetValueOrDefault(new Leaf(path, value)) + 1;
}
