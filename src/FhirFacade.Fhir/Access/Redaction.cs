using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Fhir.Access;

/// <summary>Takes masked elements out of resources, in one pass over the bytes.</summary>
/// <remarks>
/// With an element goes the narrative, which says the same in words; with a person's name go the displays of references, which are names. Resources inside of
/// resources lose what is masked of their own type. Every resource of a type that has masked elements is tagged SUBSETTED, whether it had one or not: the
/// tag must not tell.
/// </remarks>
public sealed class Redaction
{
    private static readonly ConcurrentDictionary<string, Redaction> known = new(StringComparer.Ordinal);

    private readonly ElementMask mask;
    private readonly RedactionTree tree;

    private Redaction(ElementMask mask) => (this.mask, tree) = (mask, new RedactionTree(mask));

    /// <summary>What removes these elements; null where nothing is masked.</summary>
    /// <exception cref="ArgumentException">A path is not one that <see cref="ElementPath.Normal"/> knows.</exception>
    public static Redaction? Of(ElementMask mask) => mask.IsNone ? null : known.GetOrAdd(mask.ToString(), _ => new Redaction(mask));

    /// <summary>The resource without what is masked.</summary>
    /// <param name="resource">A whole resource as UTF-8 JSON.</param>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> resource)
    {
        var left = new ArrayBufferWriter<byte>(resource.Length + 128);
        using (var writer = new Utf8JsonWriter(left, new JsonWriterOptions { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            var reader = new Utf8JsonReader(resource.Span);
            reader.Read();
            Resource(ref reader, resource.Span, writer);
        }

        return left.WrittenMemory;
    }

    private void Resource(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer)
    {
        var type = TypeOf(reader);
        Object(ref reader, source, writer, tree.Of(type), !mask.In(type).IsNone);
    }

    private void Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, RedactionNode node, bool tagged)
    {
        var missing = tagged;
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var part = node.Find(name);
            if (part is not null && !Remains(reader, part))
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            JsonCopy.Name(ref reader, writer);
            reader.Read();
            if (tagged && name == "meta" && reader.TokenType == JsonTokenType.StartObject)
            {
                SubsettedMeta.Copy(ref reader, source, writer, pretty: false);
                missing = false;
            }
            else
            {
                Value(ref reader, source, writer, part);
            }
        }

        if (missing)
        {
            SubsettedMeta.Write(writer);
        }

        writer.WriteEndObject();
    }

    private void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, RedactionNode? part)
    {
        if (part is null || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            JsonCopy.Value(ref reader, source, writer, pretty: false);
        }
        else if (reader.TokenType == JsonTokenType.StartObject)
        {
            if (part.IsResource)
            {
                Resource(ref reader, source, writer);
            }
            else
            {
                Object(ref reader, source, writer, part, tagged: false);
            }
        }
        else
        {
            writer.WriteStartArray();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (HasContent(reader, part))
                {
                    Value(ref reader, source, writer, part);
                }
                else
                {
                    reader.Skip();
                }
            }

            writer.WriteEndArray();
        }
    }

    // Before the value: whether the property has anything left. FHIR's JSON has no empty objects and arrays.
    private static bool Remains(Utf8JsonReader reader, RedactionNode part) => !part.IsHidden && reader.Read() && HasContent(reader, part);

    private static bool HasContent(Utf8JsonReader reader, RedactionNode part)
    {
        if (part.IsResource || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return true;
        }

        var isArray = reader.TokenType == JsonTokenType.StartArray;
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (isArray ? HasContent(reader, part) : part.Find(reader.GetString()!) is not { } inner || Remains(reader, inner))
            {
                return true;
            }

            if (!isArray)
            {
                reader.Read();
            }

            reader.Skip();
        }

        return false;
    }

    private static string TypeOf(Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("resourceType");
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                return reader.GetString()!;
            }

            reader.Skip();
        }

        return "";
    }
}
