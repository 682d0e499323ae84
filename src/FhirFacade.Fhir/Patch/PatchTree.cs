using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.FhirPath;

namespace FhirFacade.Fhir.Patch;

/// <summary>
/// A resource as FHIRPath reads it and as it is changed, side by side. What an expression selects is found again in the tree by where its
/// text begins: no two values begin at the same byte.
/// </summary>
internal sealed class PatchTree(JsonElement document, JsonObject root)
{
    private static readonly TypeDefinition Element = R4.Definitions.Type("Element")!;

    /// <summary>The elements that an expression selects, asking the context what it needs to know; null where it selects what is not part of the resource.</summary>
    public List<PatchPlace>? Select(FhirPathExpression expression, FhirPathContext? context)
    {
        var places = new List<PatchPlace>();
        foreach (var value in expression.Evaluate(document, context))
        {
            var json = value.Item.IsComputed ? default : value.Json.ValueKind == JsonValueKind.Undefined ? value.Item.ShadowJson : value.Json;
            if (json.ValueKind == JsonValueKind.Undefined || Find(Start(json)) is not { } place)
            {
                return null;
            }

            places.Add(place);
        }

        return places;
    }

    private PatchPlace? Find(nint start)
    {
        if (start < 0 || start >= Length(document) || TypeOf(document) is not { } type)
        {
            return null;
        }

        return start == 0 ? new(type, root) : Find(start, document, root, type);
    }

    private PatchPlace? Find(nint start, JsonElement json, JsonObject node, TypeDefinition type)
    {
        foreach (var property in json.EnumerateObject())
        {
            if (!Covers(property.Value, start))
            {
                continue;
            }

            var isShadow = property.Name.StartsWith('_');
            var name = isShadow ? property.Name[1..] : property.Name;
            if (!type.TryMatch(name, out var match))
            {
                return null;
            }

            var (value, child, index) = Repetition(property.Value, node[property.Name], start);
            var place = new PatchPlace(
                match.TypeIn(R4.Definitions) is { Kind: TypeKind.Resource } ? TypeOf(value) ?? match.TypeIn(R4.Definitions) : match.TypeIn(R4.Definitions),
                isShadow ? null : child as JsonObject)
            {
                Owner = node,
                OwnerType = type,
                Match = match,
                JsonName = name,
                Index = index,
            };
            return Start(value) == start ? place
                : child is JsonObject inner ? Find(start, value, inner, isShadow ? Element : place.Type)
                : null;
        }

        return null;
    }

    private (JsonElement Value, JsonNode? Node, int Index) Repetition(JsonElement value, JsonNode? node, nint start)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (Covers(item, start))
                {
                    return (item, node![index], index);
                }

                index++;
            }
        }

        return (value, node, 0);
    }

    private bool Covers(JsonElement value, nint start) => Start(value) is var first && first <= start && start < first + Length(value);

    private nint Start(JsonElement value) => Unsafe.ByteOffset(
        ref MemoryMarshal.GetReference(JsonMarshal.GetRawUtf8Value(document)),
        ref MemoryMarshal.GetReference(JsonMarshal.GetRawUtf8Value(value)));

    private static int Length(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    private static TypeDefinition? TypeOf(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var name) && name.ValueKind == JsonValueKind.String
            ? R4.Definitions.Type(name.GetString()!)
            : null;
}
