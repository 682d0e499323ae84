using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>Marks a resource as incomplete, so that nobody writes it back (R4 search.html).</summary>
public static class SubsettedMeta
{
    private const string System = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    /// <summary>Copies the <c>meta</c> object at which the reader stands, with the tag added where it is not there.</summary>
    public static void Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, bool pretty)
    {
        var tagged = false;
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTag = reader.ValueTextEquals("tag");
            JsonCopy.Name(ref reader, writer);
            reader.Read();
            if (!isTag || reader.TokenType != JsonTokenType.StartArray)
            {
                JsonCopy.Value(ref reader, source, writer, pretty);
                continue;
            }
            writer.WriteStartArray();
            var marked = false;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                marked |= IsMark(reader);
                JsonCopy.Value(ref reader, source, writer, pretty);
            }
            if (!marked)
            {
                Tag(writer);
            }
            writer.WriteEndArray();
            tagged = true;
        }
        if (!tagged)
        {
            Tags(writer);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes a <c>meta</c> that holds nothing but the tag.</summary>
    public static void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta");
        Tags(writer);
        writer.WriteEndObject();
    }

    // The reader is a copy: the one that is copied from stays where it is.
    private static bool IsMark(Utf8JsonReader reader)
    {
        using var tag = JsonDocument.ParseValue(ref reader);
        return tag.RootElement is { ValueKind: JsonValueKind.Object } coding
            && coding.TryGetProperty("system", out var system) && system.ValueEquals(System)
            && coding.TryGetProperty("code", out var code) && code.ValueEquals("SUBSETTED");
    }

    private static void Tags(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("tag");
        Tag(writer);
        writer.WriteEndArray();
    }

    private static void Tag(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("system", System);
        writer.WriteString("code", "SUBSETTED");
        writer.WriteEndObject();
    }
}
