using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Resources;

/// <summary>
/// A list of which a message speaks item by item, the others staying as they are: extensions by url, and the links of a Patient by the
/// other patient.
/// </summary>
/// <param name="Name">The element.</param>
/// <param name="KeyOf">What tells its items apart; several extensions of one url are spoken of together.</param>
internal sealed record KeyedList(string Name, Func<JsonObject, string?> KeyOf)
{
    private static readonly KeyedList Extensions = new("extension", static e => (string?)e["url"]);
    private static readonly KeyedList Links = new("link", static l => (string?)l["other"]?["reference"]);

    private static readonly KeyedList[] OfAny = [Extensions];
    private static readonly KeyedList[] OfPatient = [Extensions, Links];

    /// <summary>The keyed lists of a resource type.</summary>
    public static IReadOnlyList<KeyedList> Of(string type) => type == "Patient" ? OfPatient : OfAny;

    /// <summary>The keys of which a message speaks, such as <c>link/Patient/a</c>: those of its items and those that it removes.</summary>
    public IEnumerable<string> Keys(ResourceChange change) =>
        Items(change.Content).Select(Key).Concat(change.Removes.Where(key => key.StartsWith(Name + "/", StringComparison.Ordinal))).Distinct();

    /// <summary>The stored list after the message, in the order of its keys; null if it is empty.</summary>
    /// <param name="stored">Null where there is none.</param>
    /// <param name="change">What the message says.</param>
    /// <param name="counts">The keys of which it may speak.</param>
    public JsonArray? Merge(JsonObject? stored, ResourceChange change, HashSet<string> counts)
    {
        var items = Items(stored).Where(item => !counts.Contains(Key(item)))
            .Concat(Items(change.Content).Where(item => counts.Contains(Key(item))))
            .OrderBy(Key, StringComparer.Ordinal)
            .Select(item => item.DeepClone())
            .ToArray();
        return items.Length == 0 ? null : new JsonArray(items);
    }

    private static IEnumerable<JsonObject> Items(JsonArray? list) => list?.OfType<JsonObject>() ?? [];

    private IEnumerable<JsonObject> Items(JsonObject? resource) => Items(resource?[Name] as JsonArray);

    /// <summary>The key of an item, such as <c>link/Patient/a</c>.</summary>
    public string Key(JsonObject item) => $"{Name}/{KeyOf(item)}";
}
