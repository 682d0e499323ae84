using System.Text.Json;
using FhirFacade.Fhir.Json;

namespace FhirFacade.Server.Render;

/// <summary>Puts one stored resource into an answer, in the way that was asked for.</summary>
internal static class StoredJson
{
    /// <summary>Writes the resource as the writer's next value.</summary>
    public static void Write(Utf8JsonWriter writer, string resourceType, ReadOnlySpan<byte> resource, Rendering rendering)
    {
        if (rendering.IsVerbatim)
        {
            writer.WriteRawValue(resource, skipInputValidation: true);
        }
        else if (rendering.IsWhole)
        {
            var reader = new Utf8JsonReader(resource);
            reader.Read();
            JsonCopy.Value(ref reader, resource, writer, pretty: true);
        }
        else
        {
            PartialResource.Write(resourceType, resource, writer, rendering);
        }
    }
}
