using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>Copies JSON from a reader to a writer without changing a digit or an escape of it.</summary>
public static class JsonCopy
{
    /// <summary>Copies the value at which the reader stands, and leaves the reader at its last token.</summary>
    /// <param name="reader">Over <paramref name="source"/>, from its first byte.</param>
    /// <param name="source">The bytes being read.</param>
    /// <param name="writer">Where the value goes.</param>
    /// <param name="pretty">Token by token, so that the writer's indentation shows; else in one piece.</param>
    public static void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, bool pretty)
    {
        if (pretty)
        {
            Tokens(ref reader, source, writer);
            return;
        }
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        writer.WriteRawValue(source[start..(int)reader.BytesConsumed], skipInputValidation: true);
    }

    /// <summary>Copies the name of the property at which the reader stands.</summary>
    public static void Name(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (reader.ValueIsEscaped)
        {
            writer.WritePropertyName(reader.GetString()!);
        }
        else
        {
            writer.WritePropertyName(reader.ValueSpan);
        }
    }

    private static void Tokens(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer)
    {
        var depth = reader.CurrentDepth;
        var named = true;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    Name(ref reader, writer);
                    break;
                default:
                    Primitive(ref reader, source, writer, named);
                    break;
            }
            named = reader.TokenType == JsonTokenType.PropertyName;
        }
        while ((reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) && reader.Read());
    }

    /// <summary>
    /// A raw value is written without the line break of an array's item, so items go through the typed methods; only a number that
    /// these would write with other digits stays raw.
    /// </summary>
    private static void Primitive(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, bool named)
    {
        if (!named && reader.TokenType == JsonTokenType.String)
        {
            writer.WriteStringValue(reader.GetString());
        }
        else if (!named && reader.TokenType == JsonTokenType.Null)
        {
            writer.WriteNullValue();
        }
        else if (!named && (reader.TokenType is JsonTokenType.True or JsonTokenType.False))
        {
            writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
        }
        else if (!named && reader.TokenType == JsonTokenType.Number && reader.ValueSpan.IndexOfAny(".eE"u8) < 0 && reader.TryGetInt64(out var number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteRawValue(source[(int)reader.TokenStartIndex..(int)reader.BytesConsumed], skipInputValidation: true);
        }
    }
}
