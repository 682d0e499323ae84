using System.Text.Json;
using FhirFacade.Fhir.Definitions;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Server.Render;

/// <summary>Writes part of a resource in one pass over its bytes, tagged as a part (R4 search.html, SUBSETTED).</summary>
internal static class PartialResource
{
    /// <summary>Writes what the choice leaves of the resource.</summary>
    public static void Write(string resourceType, ReadOnlySpan<byte> resource, Utf8JsonWriter writer, Rendering rendering)
    {
        var reader = new Utf8JsonReader(resource);
        var choice = new ElementChoice(rendering);
        var type = R4.Definitions.Type(resourceType);
        var tagged = false;
        reader.Read();
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, match) = Identify(ref reader, type);
            if (!choice.KeepsTop(resourceType, name, match))
            {
                reader.Read();
                reader.Skip();
                continue;
            }
            JsonCopy.Name(ref reader, writer);
            reader.Read();
            if (name == "meta" && reader.TokenType == JsonTokenType.StartObject)
            {
                SubsettedMeta.Copy(ref reader, resource, writer, rendering.Pretty);
                tagged = true;
            }
            else
            {
                Inside(ref reader, resource, writer, choice, match, rendering.Pretty);
            }
        }
        if (!tagged)
        {
            SubsettedMeta.Write(writer);
        }
        writer.WriteEndObject();
    }

    /// <summary>Copies a value, leaving out at every level what the summary leaves out.</summary>
    private static void Inside(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, Utf8JsonWriter writer, ElementChoice choice, ElementMatch? match, bool pretty)
    {
        if (!choice.GoesDeep || match is null || R4.Definitions.Type(match.TypeName) is not { Kind: not TypeKind.Primitive } type || type.Kind == TypeKind.Resource)
        {
            JsonCopy.Value(ref reader, source, writer, pretty);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            writer.WriteStartArray();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Inside(ref reader, source, writer, choice, match, pretty);
            }
            writer.WriteEndArray();
        }
        else if (reader.TokenType == JsonTokenType.StartObject && KeepsAny(reader, type))
        {
            writer.WriteStartObject();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (_, inner) = Identify(ref reader, type);
                if (ElementChoice.KeepsInside(inner))
                {
                    JsonCopy.Name(ref reader, writer);
                    reader.Read();
                    Inside(ref reader, source, writer, choice, inner, pretty);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
            writer.WriteEndObject();
        }
        else
        {
            JsonCopy.Value(ref reader, source, writer, pretty);
        }
    }

    /// <summary>Whether something would be left of the object; one with nothing in it would be no FHIR, and is copied whole instead.</summary>
    private static bool KeepsAny(Utf8JsonReader reader, TypeDefinition type)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ElementChoice.KeepsInside(Identify(ref reader, type).Match))
            {
                return true;
            }
            reader.Read();
            reader.Skip();
        }
        return false;
    }

    private static (string Name, ElementMatch? Match) Identify(ref Utf8JsonReader reader, TypeDefinition? type)
    {
        var name = reader.GetString()!.TrimStart('_');
        ElementMatch? match = null;
        type?.TryMatch(name, out match);
        return (name, match);
    }
}
