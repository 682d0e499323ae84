using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Json;

/// <summary>What makes two versions of a resource the same, and how a version is marked.</summary>
public static class ResourceContent
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = 16;

    private const int KeptScratch = 256 * 1024;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is hashed is gone at once; of each thread one buffer stays.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    /// <summary>
    /// Hash of what the resource says: without id, meta.versionId, meta.lastUpdated and meta.source. Order of keys, white
    /// space and escapes do not matter; order of array items and the digits of decimals do. Stable for ever: it is stored.
    /// </summary>
    public static byte[] Hash(JsonElement resource)
    {
        var meta = resource.TryGetProperty("meta"u8, out var value) ? value : default;
        var keepsMeta = meta.ValueKind == JsonValueKind.Object && meta.EnumerateObject().Any(property => !IsBookkeeping(property));
        var inMeta = false;
        var canonical = scratch ?? new ArrayBufferWriter<byte>(16 * 1024);
        scratch = null;
        CanonicalJson.Write(canonical, resource, (depth, property) =>
        {
            if (depth == 1)
            {
                inMeta = property.NameEquals("meta"u8);
                return !property.NameEquals("id"u8) && (!inMeta || keepsMeta);
            }

            return depth != 2 || !inMeta || !IsBookkeeping(property);
        });
        var hash = SHA256.HashData(canonical.WrittenSpan)[..HashLength];
        canonical.ResetWrittenCount();
        scratch = canonical.Capacity <= KeptScratch ? canonical : null;
        return hash;
    }

    /// <summary>As <see cref="Hash(JsonElement)"/>.</summary>
    public static byte[] Hash(JsonObject resource) => Hash(JsonSerializer.SerializeToElement(resource));

    /// <summary>The resource as UTF-8 JSON without more escapes than JSON asks for.</summary>
    public static byte[] ToBytes(JsonObject resource) => JsonSerializer.SerializeToUtf8Bytes(resource, Plain);

    /// <summary>
    /// The resource as it is stored and served: resourceType, id, meta.versionId and meta.lastUpdated first, all else as
    /// it was, byte for byte.
    /// </summary>
    /// <param name="resource">An object with a resourceType.</param>
    /// <param name="id">The id that it gets, whatever it had.</param>
    /// <param name="version">Version number, written as meta.versionId.</param>
    /// <param name="lastUpdated">Written in UTC with milliseconds; the rest is cut off.</param>
    /// <exception cref="ArgumentException">The resource has no resourceType, its meta is not an object, or the id is none.</exception>
    public static byte[] Stamp(JsonElement resource, string id, int version, DateTimeOffset lastUpdated) =>
        UnstampedResource.Of(resource, id).Stamp(version, lastUpdated);

    /// <summary>As above, keeping the id that the resource has.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static byte[] Stamp(JsonElement resource, int version, DateTimeOffset lastUpdated) =>
        resource.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String
            ? Stamp(resource, id.GetString()!, version, lastUpdated)
            : throw new ArgumentException("A resource without an id cannot be stamped.", nameof(resource));

    private static bool IsBookkeeping(JsonProperty property) => property.NameEquals("versionId"u8) || property.NameEquals("lastUpdated"u8) || property.NameEquals("source"u8)
        || property.NameEquals("_versionId"u8) || property.NameEquals("_lastUpdated"u8) || property.NameEquals("_source"u8);
}
