using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Fhir.Json;

/// <summary>What makes two versions of a resource the same, and how a version is marked.</summary>
public static class ResourceContent
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = 16;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Hash of what the resource says: without id, meta.versionId, meta.lastUpdated and meta.source. Order of keys, white
    /// space and escapes do not matter; order of array items and the digits of decimals do. Stable for ever: it is stored.
    /// </summary>
    public static byte[] Hash(JsonElement resource)
    {
        var meta = resource.TryGetProperty("meta"u8, out var value) ? value : default;
        var keepsMeta = meta.ValueKind == JsonValueKind.Object && meta.EnumerateObject().Any(property => !IsBookkeeping(property.Name));
        var inMeta = false;
        var canonical = CanonicalJson.ToBytes(resource, (depth, name) =>
        {
            if (depth == 1)
            {
                inMeta = name == "meta";
                return name != "id" && (!inMeta || keepsMeta);
            }

            return depth != 2 || !inMeta || !IsBookkeeping(name);
        });
        return SHA256.HashData(canonical)[..HashLength];
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
    public static byte[] Stamp(JsonElement resource, string id, int version, DateTimeOffset lastUpdated)
    {
        if (!PrimitiveFormat.IsId(id))
        {
            throw new ArgumentException("Not an id of FHIR.", nameof(id));
        }

        var hasMeta = resource.TryGetProperty("meta"u8, out var meta);
        if (!resource.TryGetProperty("resourceType"u8, out var type) || type.ValueKind != JsonValueKind.String || (hasMeta && meta.ValueKind != JsonValueKind.Object))
        {
            throw new ArgumentException("Only a resource can be stamped.", nameof(resource));
        }

        var output = new ArrayBufferWriter<byte>(JsonMarshal.GetRawUtf8Value(resource).Length + 160);
        output.Write("{\"resourceType\":"u8);
        output.Write(JsonMarshal.GetRawUtf8Value(type));
        Write(output, string.Create(CultureInfo.InvariantCulture, $",\"id\":\"{id}\",\"meta\":{{\"versionId\":\"{version}\",\"lastUpdated\":\"{lastUpdated.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\""));
        if (hasMeta)
        {
            CopyProperties(output, meta, static name => name is "versionId" or "lastUpdated" or "_versionId" or "_lastUpdated");
        }

        output.Write("}"u8);
        CopyProperties(output, resource, static name => name is "resourceType" or "id" or "_id" or "meta");
        output.Write("}"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>As above, keeping the id that the resource has.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static byte[] Stamp(JsonElement resource, int version, DateTimeOffset lastUpdated) =>
        resource.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String
            ? Stamp(resource, id.GetString()!, version, lastUpdated)
            : throw new ArgumentException("A resource without an id cannot be stamped.", nameof(resource));

    private static void CopyProperties(ArrayBufferWriter<byte> output, JsonElement source, Func<string, bool> isLeftOut)
    {
        foreach (var property in source.EnumerateObject())
        {
            if (!isLeftOut(property.Name))
            {
                output.Write(",\""u8);
                output.Write(JsonMarshal.GetRawUtf8PropertyName(property));
                output.Write("\":"u8);
                output.Write(JsonMarshal.GetRawUtf8Value(property.Value));
            }
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, string ascii)
    {
        var count = Encoding.ASCII.GetBytes(ascii, output.GetSpan(ascii.Length));
        output.Advance(count);
    }

    private static bool IsBookkeeping(string name) => name is "versionId" or "lastUpdated" or "source" or "_versionId" or "_lastUpdated" or "_source";
}
