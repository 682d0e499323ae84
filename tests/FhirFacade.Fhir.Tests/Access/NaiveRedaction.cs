using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Tests.Access;

/// <summary>The same by walking the whole tree, without definitions: for masks whose elements are no choices but <c>value</c>, and not recursive.</summary>
internal static class NaiveRedaction
{
    public static void Apply(JsonNode? node, string[] masks)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    Apply(item, masks);
                }
                break;
            case JsonObject json:
                // ExampleScenario.instance has an element of that name.
                if (json["resourceType"] is { } named && !json.ContainsKey("resourceId") && (string?)named is { } type)
                {
                    OfResource(json, masks.Where(mask => mask.StartsWith(type + ".", StringComparison.Ordinal)).Select(mask => mask.Split('.')[1..]).ToList());
                }
                foreach (var (_, value) in json.ToList())
                {
                    Apply(value, masks);
                }
                break;
        }
    }

    private static void OfResource(JsonObject resource, List<string[]> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }
        resource.Remove("text");
        foreach (var path in paths)
        {
            Remove(resource, path);
        }
        var meta = resource["meta"] as JsonObject ?? [];
        var tags = meta["tag"] as JsonArray ?? [];
        tags.Add(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", ["code"] = "SUBSETTED" });
        meta["tag"] = tags;
        resource["meta"] = meta;
    }

    private static void Remove(JsonObject json, string[] path)
    {
        foreach (var (name, value) in json.Where(p => p.Key.TrimStart('_') == path[0] || (path[0] == "value" && p.Key.TrimStart('_').StartsWith("value", StringComparison.Ordinal))).ToList())
        {
            if (path.Length == 1)
            {
                json.Remove(name);
                continue;
            }
            foreach (var inner in value is JsonArray array ? array.OfType<JsonObject>() : [(JsonObject)value!])
            {
                Remove(inner, path[1..]);
            }
            if (value is JsonArray items)
            {
                foreach (var empty in items.OfType<JsonObject>().Where(o => o.Count == 0).ToList())
                {
                    items.Remove(empty);
                }
            }
            if (value is JsonArray { Count: 0 } or JsonObject { Count: 0 })
            {
                json.Remove(name);
            }
        }
    }
}
