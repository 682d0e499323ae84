using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Xml;

/// <summary>A resource read from XML, or the issues that say why there is none.</summary>
/// <param name="Resource">The resource as JSON; null where there are issues.</param>
/// <param name="Issues">Empty where there is a resource.</param>
public sealed record XmlReadResult(JsonObject? Resource, ImmutableArray<Issue> Issues)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The resource as the UTF-8 bytes of its JSON.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public byte[] ToJson()
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            (Resource ?? throw new InvalidOperationException("There is no resource.")).WriteTo(writer);
        }

        return bytes.ToArray();
    }
}
