using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;

namespace FhirFacade.Server.Render;

/// <summary>Streams a Bundle: framing by hand, resources as stored bytes, flushed in parts so that memory does not grow with the page.</summary>
internal static class BundleWriter
{
    private const int Part = 64 * 1024;

    /// <summary>Writes the whole Bundle and flushes it.</summary>
    public static async Task WriteAsync(PipeWriter output, Bundle bundle, Rendering rendering, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (rendering.IsXml)
        {
            await XmlBundleWriter.WriteAsync(output, bundle, rendering, now, cancellationToken);
            return;
        }
        await using var writer = new Utf8JsonWriter(output, rendering.WriterOptions);
        Open(writer, bundle, now);
        var any = false;
        await foreach (var entry in bundle.All())
        {
            if (!any)
            {
                writer.WriteStartArray("entry");        // FHIR's JSON has no empty arrays
                any = true;
            }
            Entry(writer, entry, rendering);
            if (writer.BytesPending + output.UnflushedBytes >= Part)
            {
                writer.Flush();
                await output.FlushAsync(cancellationToken);
            }
        }
        if (any)
        {
            writer.WriteEndArray();
        }
        if (bundle.Ending?.Invoke() is var (total, links))
        {
            Frame(writer, total, links);
        }
        writer.WriteEndObject();
        writer.Flush();
        await output.FlushAsync(cancellationToken);
    }

    private static void Open(Utf8JsonWriter writer, Bundle bundle, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType", "Bundle");
        writer.WriteString("id", Guid.NewGuid().ToString());
        writer.WriteStartObject("meta");
        writer.WriteString("lastUpdated", Instant(now));
        writer.WriteEndObject();
        writer.WriteString("type", bundle.Type);
        Frame(writer, bundle.Total, bundle.Links);
    }

    private static void Frame(Utf8JsonWriter writer, long? total, IReadOnlyList<BundleLink> links)
    {
        if (total is { } number)
        {
            writer.WriteNumber("total", number);
        }
        if (links.Count == 0)
        {
            return;
        }
        writer.WriteStartArray("link");
        foreach (var link in links)
        {
            writer.WriteStartObject();
            writer.WriteString("relation", link.Relation);
            writer.WriteString("url", link.Url);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Entry(Utf8JsonWriter writer, BundleEntry entry, Rendering rendering)
    {
        writer.WriteStartObject();
        if (entry.FullUrl is { } url)
        {
            writer.WriteString("fullUrl", url);
        }
        if (!entry.Resource.IsEmpty)
        {
            writer.WritePropertyName("resource");
            StoredJson.Write(writer, entry.ResourceType, entry.Resource.Span, For(entry, rendering));
        }
        switch (entry)
        {
            case BundleEntry.Search search:
                writer.WriteStartObject("search");
                writer.WriteString("mode", search.Mode);
                writer.WriteEndObject();
                break;
            case BundleEntry.History version:
                writer.WriteStartObject("request");
                writer.WriteString("method", version.Method);
                writer.WriteString("url", version.Url);
                writer.WriteEndObject();
                Response(writer, version.Status, null, Tag(version.Number), version.LastUpdated, default);
                break;
            case BundleEntry.Answer answer:
                Response(writer, answer.Status, answer.Location, answer.ETag, answer.LastModified, answer.Outcome);
                break;
        }
        writer.WriteEndObject();
    }

    private static void Response(Utf8JsonWriter writer, string status, string? location, string? tag, DateTimeOffset? at, ReadOnlyMemory<byte> outcome)
    {
        writer.WriteStartObject("response");
        writer.WriteString("status", status);
        if (location is not null)
        {
            writer.WriteString("location", location);
        }
        if (tag is not null)
        {
            writer.WriteString("etag", tag);
        }
        if (at is { } time)
        {
            writer.WriteString("lastModified", Instant(time));
        }
        if (!outcome.IsEmpty)
        {
            writer.WritePropertyName("outcome");
            writer.WriteRawValue(outcome.Span, skipInputValidation: true);
        }
        writer.WriteEndObject();
    }

    internal static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>An outcome is always whole; <c>_elements</c> names elements of what was searched, not of what came with it.</summary>
    internal static Rendering For(BundleEntry entry, Rendering rendering) => entry switch
    {
        BundleEntry.Search { Mode: "outcome" } => Rendering.Default with { Pretty = rendering.Pretty },
        BundleEntry.Search { Mode: "include" } => rendering with { Elements = [] },
        _ => rendering,
    };

    internal static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
