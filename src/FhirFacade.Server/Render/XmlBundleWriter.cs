using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Xml;

namespace FhirFacade.Server.Render;

/// <summary>Streams a Bundle as XML, resource by resource.</summary>
internal static class XmlBundleWriter
{
    private const string Fhir = "http://hl7.org/fhir";

    /// <summary>Writes the whole Bundle and flushes it.</summary>
    public static async Task WriteAsync(PipeWriter output, Bundle bundle, Rendering rendering, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stream = output.AsStream(leaveOpen: true);
        await using (stream)
        {
            var settings = new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = rendering.Pretty, CloseOutput = false };
            await using var writer = XmlWriter.Create(stream, settings);
            writer.WriteStartElement("Bundle", Fhir);
            Value(writer, "id", Guid.NewGuid().ToString());
            writer.WriteStartElement("meta", Fhir);
            Value(writer, "lastUpdated", BundleWriter.Instant(now));
            writer.WriteEndElement();
            Value(writer, "type", bundle.Type);
            Value(writer, "total", bundle.Total?.ToString(CultureInfo.InvariantCulture));
            foreach (var link in bundle.Links)
            {
                writer.WriteStartElement("link", Fhir);
                Value(writer, "relation", link.Relation);
                Value(writer, "url", link.Url);
                writer.WriteEndElement();
            }

            await foreach (var entry in bundle.All())
            {
                Entry(writer, entry, rendering);
                await writer.FlushAsync();
                await output.FlushAsync(cancellationToken);
            }

            writer.WriteEndElement();
        }
    }

    private static void Entry(XmlWriter writer, BundleEntry entry, Rendering rendering)
    {
        writer.WriteStartElement("entry", Fhir);
        Value(writer, "fullUrl", entry.FullUrl);
        if (!entry.Resource.IsEmpty)
        {
            Resource(writer, "resource", entry.ResourceType, entry.Resource.Span, BundleWriter.For(entry, rendering));
        }

        switch (entry)
        {
            case BundleEntry.Search search:
                writer.WriteStartElement("search", Fhir);
                Value(writer, "mode", search.Mode);
                writer.WriteEndElement();
                break;
            case BundleEntry.History version:
                writer.WriteStartElement("request", Fhir);
                Value(writer, "method", version.Method);
                Value(writer, "url", version.Url);
                writer.WriteEndElement();
                Response(writer, version.Status, null, BundleWriter.Tag(version.Number), version.LastUpdated, default);
                break;
            case BundleEntry.Answer answer:
                Response(writer, answer.Status, answer.Location, answer.ETag, answer.LastModified, answer.Outcome);
                break;
        }

        writer.WriteEndElement();
    }

    private static void Response(XmlWriter writer, string status, string? location, string? tag, DateTimeOffset? at, ReadOnlyMemory<byte> outcome)
    {
        writer.WriteStartElement("response", Fhir);
        Value(writer, "status", status);
        Value(writer, "location", location);
        Value(writer, "etag", tag);
        Value(writer, "lastModified", at is { } time ? BundleWriter.Instant(time) : null);
        if (!outcome.IsEmpty)
        {
            Resource(writer, "outcome", "OperationOutcome", outcome.Span, Rendering.Default);
        }

        writer.WriteEndElement();
    }

    private static void Resource(XmlWriter writer, string name, string type, ReadOnlySpan<byte> resource, Rendering rendering)
    {
        writer.WriteStartElement(name, Fhir);
        writer.WriteRaw(ResourceXml.Fragment(type, resource, rendering));
        writer.WriteEndElement();
    }

    private static void Value(XmlWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteStartElement(name, Fhir);
            writer.WriteAttributeString("value", value);
            writer.WriteEndElement();
        }
    }
}
