using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>Resources as they look to somebody who is not shown some of their elements.</summary>
internal static class NaiveMask
{
    /// <summary>What is left of the resource.</summary>
    public static JsonElement Of(JsonElement resource, ElementMask mask)
    {
        var left = JsonObject.Create(resource)!;
        Hide(left, mask);
        return JsonSerializer.SerializeToElement(left);
    }

    private static void Hide(JsonObject left, ElementMask mask)
    {
        var own = mask.In((string)left["resourceType"]!).Paths.Select(path => path.Split('.')[1..]).ToList();
        if (own.Count > 0)
        {
            left.Remove("text");
            own.ForEach(path => Remove(left, path));
        }

        foreach (var contained in left["contained"] is JsonArray inside ? inside.OfType<JsonObject>() : [])
        {
            Hide(contained, mask);
        }
    }

    /// <summary>The resource without what the server says about it.</summary>
    public static JsonNode Content(JsonElement resource)
    {
        var content = JsonObject.Create(resource)!;
        content.Remove("meta");
        foreach (var contained in content["contained"] is JsonArray inside ? inside.OfType<JsonObject>() : [])
        {
            contained.Remove("meta");
        }

        return content;
    }

    private static void Remove(JsonObject from, ReadOnlySpan<string> path)
    {
        foreach (var name in from.Select(p => p.Key).ToList())
        {
            if (!IsElement(name, path[0]))
            {
                continue;
            }

            if (path.Length == 1)
            {
                from.Remove(name);
                continue;
            }

            foreach (var part in from[name] is JsonArray array ? array.OfType<JsonObject>() : [(JsonObject)from[name]!])
            {
                Remove(part, path[1..]);
            }
        }
    }

    // A choice is called by its type, too: value, valueQuantity.
    private static bool IsElement(string property, string element) =>
        property == element || (element is "value" or "effective" or "onset" && property.StartsWith(element, StringComparison.Ordinal));
}
