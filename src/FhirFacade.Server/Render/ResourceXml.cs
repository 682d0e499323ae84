using System.Buffers;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Xml;

namespace FhirFacade.Server.Render;

/// <summary>Puts a stored resource into XML, whole or in part.</summary>
internal static class ResourceXml
{
    /// <summary>A document in UTF-8 with its declaration; null for a resource that XML cannot hold.</summary>
    public static byte[]? Of(string resourceType, ReadOnlySpan<byte> resource, Rendering rendering)
    {
        if (rendering.IsWhole || rendering.Summary == Summary.Count)
        {
            return XmlResourceWriter.Write(JsonElement.Parse(resource)).Xml;
        }

        var part = new ArrayBufferWriter<byte>(resource.Length);
        using (var writer = new Utf8JsonWriter(part, rendering.WriterOptions))
        {
            PartialResource.Write(resourceType, resource, writer, rendering with { Pretty = false });
        }

        return XmlResourceWriter.Write(JsonElement.Parse(part.WrittenSpan)).Xml;
    }

    /// <summary>The same for a place inside of other XML: without the declaration, and an outcome in place of what XML cannot hold.</summary>
    public static string Fragment(string resourceType, ReadOnlySpan<byte> resource, Rendering rendering)
    {
        var document = Of(resourceType, resource, rendering)
            ?? Of("OperationOutcome", OperationOutcome.ToJson(Issue.Error(IssueType.NotSupported, "the resource cannot be written as XML; ask for JSON")), Rendering.Default)!;
        var text = System.Text.Encoding.UTF8.GetString(document);
        return text.StartsWith("<?xml", StringComparison.Ordinal) ? text[(text.IndexOf("?>", StringComparison.Ordinal) + 2)..] : text;
    }
}
