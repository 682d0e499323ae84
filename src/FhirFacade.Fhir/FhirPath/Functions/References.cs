using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.FhirPath.Evaluation;

namespace FhirFacade.Fhir.FhirPath.Functions;

/// <summary><c>resolve()</c>: https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class References
{
    /// <summary>Finds contained resources, entries of the Bundle at the root, then what the context can resolve.</summary>
    public static Collection Resolve(in Collection input, Node[] arguments, Scope scope)
    {
        var found = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            scope.State.Step();
            if (Find(UrlOf(input[i]), input[i], scope.State) is { } target)
            {
                found.Add(target);
            }
        }

        return found.ToCollection();
    }

    /// <summary>
    /// As search needs it: a target that is out of reach is known by the type that its reference names, and has no content.
    /// </summary>
    public static Collection ResolveByType(in Collection input, Node[] arguments, Scope scope)
    {
        var found = new CollectionBuilder();
        for (var i = 0; i < input.Count; i++)
        {
            if (TargetType(input[i], scope.State) is { } type)
            {
                found.Add(new Item(default, type));
            }
        }

        return found.ToCollection();
    }

    /// <summary>The type that a Reference (or canonical) points to, from its url, its contained target or its <c>type</c>.</summary>
    public static ModelType? TargetType(in Item reference, EvaluationState state)
    {
        if (reference.Json.ValueKind == JsonValueKind.Object && reference.Json.TryGetProperty("reference"u8, out var url)
            && url.ValueKind == JsonValueKind.String)
        {
            var raw = JsonMarshal.GetRawUtf8Value(url)[1..^1];
            if (raw.StartsWith("#"u8))
            {
                return Contained(EntryAround(state.Root.Json, reference.Json) ?? state.Root.Json, raw[1..]) is { } contained ? ModelType.OfResource(contained) : null;
            }

            if (TypeInUrl(raw) is { } type)
            {
                return type;
            }
        }

        return reference.Json.ValueKind == JsonValueKind.Object && reference.Json.TryGetProperty("type"u8, out var name) && name.ValueKind == JsonValueKind.String
            ? ModelType.Find(JsonMarshal.GetRawUtf8Value(name)[1..^1])
            : null;
    }

    private static ModelType? TypeInUrl(ReadOnlySpan<byte> url)
    {
        var history = url.IndexOf("/_history/"u8);
        var path = history < 0 ? url : url[..history];
        var slash = path.LastIndexOf((byte)'/');
        if (slash < 1)
        {
            return null;
        }

        path = path[..slash];
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return name.Length is > 0 and < 64 && ModelType.Find(name) is { IsResource: true } type ? type : null;
    }

    private static string? UrlOf(in Item item)
    {
        if (item.Kind == SystemKind.String)
        {
            return item.ToSystem() as string;
        }

        return item.Json.ValueKind == JsonValueKind.Object && item.Json.TryGetProperty("reference"u8, out var url) ? url.TryGetText() : null;
    }

    private static Item? Find(string? url, in Item reference, EvaluationState state)
    {
        if (url is null)
        {
            return null;
        }

        var root = state.Container.Json;
        var local = url == "#" ? EntryAround(root, reference.Json) ?? root
            : url.StartsWith('#') ? Contained(EntryAround(root, reference.Json) ?? root, System.Text.Encoding.UTF8.GetBytes(url[1..]))
            : InBundle(root, url);
        if (local is { } json)
        {
            return new Item(json, ModelType.OfResource(json));
        }

        if (state.Context.Resolve?.Invoke(url) is { } resolved)
        {
            state.MeetForeignJson();
            return new Item(resolved, ModelType.OfResource(resolved));
        }

        return null;
    }

    private static JsonElement? Contained(JsonElement root, ReadOnlySpan<byte> id)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("contained"u8, out var contained) && contained.ValueKind == JsonValueKind.Array)
        {
            foreach (var resource in contained.EnumerateArray())
            {
                if (resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("id"u8, out var its)
                    && its.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(its)[1..^1].SequenceEqual(id))
                {
                    return resource;
                }
            }
        }

        return null;
    }

    /// <summary>The entry of a Bundle, or parameter of a Parameters, that the element stands in: contained resources are that one's.</summary>
    private static JsonElement? EntryAround(JsonElement root, JsonElement element)
    {
        if (root.ValueKind != JsonValueKind.Object || element.ValueKind == JsonValueKind.Undefined
            || !(root.TryGetProperty("entry"u8, out var list) || root.TryGetProperty("parameter"u8, out list)) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var place = JsonMarshal.GetRawUtf8Value(element);
        foreach (var entry in list.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource"u8, out var resource)
                && JsonMarshal.GetRawUtf8Value(resource).Overlaps(place))
            {
                return resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var type) && type.ValueEquals("Bundle"u8)
                    ? EntryAround(resource, element) ?? resource
                    : resource;
            }
        }

        return null;
    }

    private static JsonElement? InBundle(JsonElement root, string url)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("entry"u8, out var entries) || entries.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var entry in entries.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource"u8, out var resource)
                && entry.TryGetProperty("fullUrl"u8, out var fullUrl) && fullUrl.TryGetText() is { } its
                && (its == url || its.EndsWith("/" + url, StringComparison.Ordinal)))
            {
                return resource;
            }
        }

        return null;
    }
}
