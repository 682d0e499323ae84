using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Json;

/// <summary>Lays what a message says over what is stored.</summary>
public static class MergePatch
{
    /// <summary>
    /// The resource after the message, as a new object; neither argument is changed. Element by element at the top level:
    /// absent leaves, null deletes, present replaces, together with the extensions of a primitive (<c>birthDate</c> and
    /// <c>_birthDate</c> are one element). A Period merges inside, by the same rules; a choice that is present removes its
    /// sibling types, one that is null deletes only the type it names; <c>meta</c> is replaced except versionId and
    /// lastUpdated; resourceType and id stay. Applying the same message again changes nothing.
    /// </summary>
    /// <param name="stored">The stored resource, or null where there is none yet.</param>
    /// <param name="incoming">The translated resource, with nulls for what is to be deleted.</param>
    /// <exception cref="ArgumentException">The two are of different types, or of none that R4 knows.</exception>
    public static JsonObject Apply(JsonObject? stored, JsonObject incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        var name = ResourceType(incoming);
        if (stored is not null && ResourceType(stored) != name)
        {
            throw new ArgumentException("A message cannot change the type of a resource.", nameof(incoming));
        }

        var type = name is null ? null : R4.Definitions.Type(name);
        if (type is null)
        {
            throw new ArgumentException("The resource has no type of R4.", nameof(incoming));
        }

        var result = stored is null ? new JsonObject { ["resourceType"] = name } : (JsonObject)stored.DeepClone();
        var elements = incoming.Select(property => ElementName(property.Key)).Distinct(StringComparer.Ordinal).ToList();

        // Deletions first, so that a null beside a present sibling type cannot undo it.
        foreach (var element in elements.OrderBy(element => IsPresent(incoming, element)))
        {
            switch (element)
            {
                case "resourceType":
                    break;
                case "id":
                    result.TryAdd("id", incoming["id"]?.DeepClone());
                    break;
                case "meta":
                    SetMeta(result, incoming["meta"]);
                    break;
                default:
                    type.TryMatch(element, out var match);
                    Set(result, incoming, element, match);
                    break;
            }
        }

        return result;
    }

    /// <summary>A copy without null properties, and without what becomes empty by that; for content that is stored as it came.</summary>
    public static JsonObject WithoutNulls(JsonObject incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        return NullFree.Copy(incoming) as JsonObject ?? [];
    }

    private static void Set(JsonObject result, JsonObject incoming, string element, ElementMatch? match)
    {
        if (match is { Element.IsChoice: true } && IsPresent(incoming, element))
        {
            foreach (var sibling in TypeDefinition.JsonNamesOf(match.Element).Where(sibling => sibling != element))
            {
                result.Remove(sibling);
                result.Remove("_" + sibling);
            }
        }

        if (match is { TypeName: "Period", Element.IsArray: false } && incoming[element] is JsonObject said && result[element] is JsonObject stored)
        {
            foreach (var part in said.Select(property => ElementName(property.Key)).Distinct(StringComparer.Ordinal))
            {
                Replace(stored, said, part);
            }

            if (stored.Count == 0)
            {
                result.Remove(element);
            }

            return;
        }

        Replace(result, incoming, element);
    }

    private static void Replace(JsonObject result, JsonObject incoming, string element)
    {
        ReplaceProperty(result, element, NullFree.Copy(incoming[element], isAligned: incoming["_" + element] is JsonArray));
        ReplaceProperty(result, "_" + element, NullFree.Copy(incoming["_" + element], isAligned: true));
    }

    private static void SetMeta(JsonObject result, JsonNode? incoming)
    {
        var meta = new JsonObject();
        foreach (var kept in (string[])["versionId", "lastUpdated"])
        {
            if (result["meta"]?[kept] is { } value)
            {
                meta[kept] = value.DeepClone();
            }
        }

        foreach (var (name, value) in incoming as JsonObject ?? [])
        {
            if (ElementName(name) is not ("versionId" or "lastUpdated") && NullFree.Copy(value) is { } copy)
            {
                meta[name] = copy;
            }
        }

        ReplaceProperty(result, "meta", meta.Count == 0 ? null : meta);
    }

    private static void ReplaceProperty(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value;
        }
    }

    private static bool IsPresent(JsonObject incoming, string element) => incoming[element] is not null || incoming["_" + element] is not null;

    private static string ElementName(string property) => property is ['_', _, ..] ? property[1..] : property;

    private static string? ResourceType(JsonObject resource) =>
        resource["resourceType"] is JsonValue value && value.TryGetValue(out string? name) ? name : null;
}
