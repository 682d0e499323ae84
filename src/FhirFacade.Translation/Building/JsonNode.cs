using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Nodes = System.Text.Json.Nodes;

namespace FhirFacade.Translation.Building;

/// <summary>
/// A JSON value while a resource is being built. It reads and writes like its namesake of <see cref="System.Text.Json.Nodes"/> and is a fraction of the
/// size: a node knows no parent and may stand in several places as long as nobody changes it, properties are found by comparing names, texts are
/// kept as they are. Not safe for concurrent change.
/// </summary>
internal abstract class JsonNode
{
    /// <summary>The property of that name; null if it is absent or JSON null. Setting null writes JSON null.</summary>
    /// <exception cref="InvalidOperationException">This is no object.</exception>
    public virtual JsonNode? this[string name]
    {
        get => throw NotA("object");
        set => throw NotA("object");
    }

    /// <summary>The item at a 0-based place.</summary>
    /// <exception cref="InvalidOperationException">This is no array.</exception>
    public virtual JsonNode? this[int index]
    {
        get => throw NotA("array");
        set => throw NotA("array");
    }

    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator JsonNode?(string? text) => text is null ? null : new JsonValue(text);

    public static implicit operator JsonNode(bool value) => JsonValue.Create(value);

    public static implicit operator JsonNode(int number) => JsonValue.Create(number);

    public static implicit operator JsonNode(decimal number) => JsonValue.Create(number);

    /// <summary>The text; null for null.</summary>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    public static explicit operator string?(JsonNode? node) => node is null ? null : node is JsonValue { Content: string text } ? text : throw NotA("text");

    /// <summary>True if both say the same: the order of properties does not matter, that of items does.</summary>
    public static bool DeepEquals(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (null, null) => true,
        (JsonValue a, JsonValue b) => a.Content.Equals(b.Content),
        (JsonArray a, JsonArray b) => a.Count == b.Count && Enumerable.Range(0, a.Count).All(i => DeepEquals(a[i], b[i])),
        (JsonObject a, JsonObject b) => a.Count == b.Count && a.All(p => b.ContainsKey(p.Key) && DeepEquals(p.Value, b[p.Key])),
        _ => false,
    };

    /// <summary>A copy that can be changed without changing this.</summary>
    public abstract JsonNode DeepClone();

    /// <summary>The same for the rest of the house, which nobody here holds.</summary>
    public abstract Nodes.JsonNode ToNode();

    /// <summary>As JSON in one line, anything but ASCII escaped.</summary>
    public string ToJsonString() => ToNode().ToJsonString(JsonSerializerOptions.Default);

    public override string ToString() => ToJsonString();

    private static InvalidOperationException NotA(string kind) => new($"The node is no {kind}.");
}
