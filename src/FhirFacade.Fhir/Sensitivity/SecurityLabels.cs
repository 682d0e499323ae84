using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Fhir.Sensitivity;

/// <summary>
/// The labels in a resource's <c>meta.security</c>. Those that the server has made say <c>userSelected: false</c>; all others were given by somebody and are kept as they are.
/// </summary>
public static class SecurityLabels
{
    /// <summary>The labels that the resource carries.</summary>
    /// <param name="resource">A resource.</param>
    /// <param name="madeOnly">Only those that the server has made.</param>
    public static ImmutableArray<SecurityLabel> In(JsonElement resource, bool madeOnly = false)
    {
        if (!resource.TryGetProperty("meta"u8, out var meta) || meta.ValueKind != JsonValueKind.Object || !meta.TryGetProperty("security"u8, out var security) || security.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return [.. security.EnumerateArray().Where(coding => !madeOnly || IsMade(coding)).Select(Label).OfType<SecurityLabel>()];
    }

    /// <summary>Whether a document may hold a label that the server has made: quickly, by its bytes.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> resource) => resource.IndexOf("\"userSelected\":false"u8) >= 0;

    /// <summary>The resource without the labels that the server has made; the same where there are none.</summary>
    public static JsonElement WithoutMade(JsonElement resource) =>
        In(resource, madeOnly: true).IsEmpty ? resource : Changed(resource, []);

    /// <summary>The resource with these labels of the server's, and no others of its own; what somebody has given stays, and is not said twice.</summary>
    public static JsonElement WithMade(JsonElement resource, ImmutableArray<SecurityLabel> labels) =>
        labels.IsEmpty ? WithoutMade(resource) : Changed(resource, labels);

    /// <summary>
    /// Puts into a resource that a feed sends what has been given to the stored one: labels do not go away because a message does not know of them.
    /// </summary>
    public static void Keep(JsonObject resource, ReadOnlySpan<byte> stored)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (stored.IndexOf("\"security\""u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(stored);
        using var document = JsonDocument.ParseValue(ref reader);
        Add(resource, Items(document.RootElement));
    }

    /// <summary>Puts into a resource what a message says of labels, even where a later event has said other things of it: what is restricted stays so until somebody says otherwise.</summary>
    public static void Keep(JsonObject resource, JsonObject said)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(said);
        if ((said["meta"] as JsonObject)?["security"] is JsonArray { Count: > 0 } security)
        {
            using var document = JsonDocument.Parse(security.ToJsonString());
            Add(resource, document.RootElement.EnumerateArray().Where(coding => coding.ValueKind == JsonValueKind.Object));
        }
    }

    private static void Add(JsonObject resource, IEnumerable<JsonElement> labels)
    {
        foreach (var given in labels.Where(coding => !IsMade(coding)))
        {
            if (resource["meta"] is not JsonObject meta)
            {
                resource["meta"] = meta = [];
            }

            if (meta["security"] is not JsonArray security)
            {
                meta["security"] = security = [];
            }

            if (!security.Any(other => Same(other, given)))
            {
                security.Add(JsonObject.Create(given.Clone()));
            }
        }
    }

    /// <summary>What a DocumentReference says of the document's confidentiality.</summary>
    internal static ImmutableArray<SecurityLabel> DeclaredBy(JsonElement documentReference) =>
        [.. documentReference.Items("securityLabel").SelectMany(concept => concept.Items("coding")).Select(Label).OfType<SecurityLabel>().Where(label => label.System == SecurityLabel.ActCode || label.IsRestricted)];

    private static JsonElement Changed(JsonElement resource, ImmutableArray<SecurityLabel> labels)
    {
        var content = JsonObject.Create(JsonElement.Parse(JsonMarshal.GetRawUtf8Value(resource)))!;
        var meta = content["meta"] as JsonObject ?? [];
        content["meta"] = meta;
        var security = new JsonArray([.. Items(resource).Where(coding => !IsMade(coding)).Select(coding => (JsonNode)JsonObject.Create(coding.Clone())!)]);
        var given = Items(resource).Where(coding => !IsMade(coding)).Select(Label).OfType<SecurityLabel>().ToList();
        var highest = given.Count == 0 ? -1 : given.Max(label => label.Rank);
        foreach (var label in labels.Where(label => !given.Contains(label) && (label.Rank < 0 || label.Rank > highest)))
        {
            security.Add((JsonNode)new JsonObject { ["system"] = label.System, ["code"] = label.Code, ["userSelected"] = false });
        }

        meta.Remove("security");
        if (security.Count > 0)
        {
            meta["security"] = security;
        }

        if (meta.Count == 0)
        {
            content.Remove("meta");
        }

        return JsonElement.Parse(ResourceContent.ToBytes(content));
    }

    private static IEnumerable<JsonElement> Items(JsonElement resource) =>
        resource.TryGetProperty("meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("security"u8, out var security) && security.ValueKind == JsonValueKind.Array
            ? security.EnumerateArray().Where(coding => coding.ValueKind == JsonValueKind.Object)
            : [];

    private static bool IsMade(JsonElement coding) => coding.ValueKind == JsonValueKind.Object && coding.TryGetProperty("userSelected"u8, out var selected) && selected.ValueKind == JsonValueKind.False;

    private static SecurityLabel? Label(JsonElement coding) =>
        coding.ValueKind == JsonValueKind.Object && coding.TryGetProperty("system"u8, out var system) && system.ValueKind == JsonValueKind.String
        && coding.TryGetProperty("code"u8, out var code) && code.ValueKind == JsonValueKind.String
            ? new SecurityLabel(system.GetString()!, code.GetString()!)
            : null;

    private static bool Same(JsonNode? one, JsonElement other) => one is JsonObject coding && other.TryGetProperty("code"u8, out var code) && (string?)coding["code"] == code.GetString()
        && (string?)coding["system"] == (other.TryGetProperty("system"u8, out var system) ? system.GetString() : null);
}
