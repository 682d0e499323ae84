using System.Globalization;
using System.Text.Json.Nodes;

namespace FhirFacade.Comparison;

/// <summary>
/// Takes resources apart into leaves. Ids, narrative, <c>meta</c> other than security and the bundle's own furniture say nothing about a
/// mapping and are left out.
/// </summary>
public static class Elements
{
    private static readonly HashSet<string> Left = ["id", "resourceType", "text.div", "text.status", "meta.source", "meta.lastUpdated", "meta.versionId", "meta.profile", "meta.tag"];

    /// <summary>All leaves of the resources; references resolved among them.</summary>
    /// <param name="resources">By the reference that names each.</param>
    public static List<Element> Of(IReadOnlyDictionary<string, JsonObject> resources)
    {
        var leaves = new List<Element>();
        foreach (var resource in resources.Values)
        {
            Walk(resource, (string?)resource["resourceType"] ?? "", "", resources, leaves);
        }

        return leaves;
    }

    private static void Walk(JsonNode? node, string path, string local, IReadOnlyDictionary<string, JsonObject> resources, List<Element> leaves)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (name, value) in json)
                {
                    var inside = local.Length == 0 ? name : $"{local}.{name}";
                    if (Left.Contains(inside) || name == "id" || (name == "url" && path.EndsWith(')')))
                    {
                        continue;
                    }

                    if (name == "reference" && value is JsonValue)
                    {
                        leaves.Add(new Element($"{path}.reference", Target((string?)value ?? "", resources)));
                    }
                    else if (name is "extension" or "modifierExtension" && value is JsonArray extensions)
                    {
                        foreach (var extension in extensions)
                        {
                            Walk(extension, $"{path}.{name}({(string?)extension?["url"]})", inside, resources, leaves);
                        }
                    }
                    else
                    {
                        Walk(value, $"{path}.{name}", inside, resources, leaves);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Walk(item, path, local, resources, leaves);
                }

                break;
            case JsonValue value:
                leaves.Add(new Element(path, Text(value)));
                break;
        }
    }

    // What a reference points at is named by its type; the target itself is compared as a resource.
    private static string Target(string reference, IReadOnlyDictionary<string, JsonObject> resources) =>
        resources.TryGetValue(reference, out var target) ? $"-> {(string?)target["resourceType"]}" : $"-> {reference.Split('/')[0]}";

    // Times of one instant are equal however they are written; so are numbers.
    private static string Text(JsonValue value)
    {
        if (!value.TryGetValue<string>(out var text))
        {
            return decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number.ToString("0.##########", CultureInfo.InvariantCulture) : value.ToJsonString();
        }

        text = text.Trim();
        return text.Length > 18 && text[4] == '-' && text[10] == 'T' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            : text;
    }
}
