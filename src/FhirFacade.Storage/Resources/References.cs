using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Resources;

/// <summary>The literal references in a resource, wherever they stand.</summary>
internal static class References
{
    public static List<string> In(JsonNode? node)
    {
        var found = new List<string>();
        Collect(node, found);
        return found;
    }

    /// <summary>Changes references; false if there was none to change.</summary>
    public static bool Rename(JsonNode? node, IReadOnlyDictionary<string, string> renamed)
    {
        var isChanged = false;
        switch (node)
        {
            case JsonObject json:
                if (json["reference"] is JsonValue value && value.TryGetValue(out string? text) && renamed.TryGetValue(text, out var to))
                {
                    json["reference"] = to;
                    isChanged = true;
                }

                foreach (var (_, child) in json)
                {
                    isChanged |= Rename(child, renamed);
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    isChanged |= Rename(item, renamed);
                }

                break;
        }

        return isChanged;
    }

    private static void Collect(JsonNode? node, List<string> found)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (var (name, child) in json)
                {
                    if (name == "reference" && child is JsonValue value && value.TryGetValue(out string? reference))
                    {
                        found.Add(reference);
                    }
                    else
                    {
                        Collect(child, found);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Collect(item, found);
                }

                break;
        }
    }
}
