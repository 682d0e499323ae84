using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Fhir.Json;

/// <summary>
/// A resource as it is stored and served, but for its version: resourceType, id, meta.versionId and meta.lastUpdated first, all else as it was,
/// byte for byte.
/// </summary>
public sealed class UnstampedResource
{
    // {"resourceType":"Patient","id":"1","meta":{ | here versionId and lastUpdated | ,"source":...},"name":...}
    private readonly byte[] bytes;
    private readonly int gap;

    private UnstampedResource(byte[] bytes, int gap) => (this.bytes, this.gap) = (bytes, gap);

    /// <summary>The resource under an id, whatever id and version it has.</summary>
    /// <param name="resource">An object with a resourceType.</param>
    /// <param name="id">The id that it gets.</param>
    /// <exception cref="ArgumentException">The resource has no resourceType, its meta is not an object, or the id is none.</exception>
    public static UnstampedResource Of(JsonElement resource, string id)
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

        var output = new ArrayBufferWriter<byte>(JsonMarshal.GetRawUtf8Value(resource).Length + 64 + id.Length);
        output.Write("{\"resourceType\":"u8);
        output.Write(JsonMarshal.GetRawUtf8Value(type));
        output.Write(",\"id\":\""u8);
        Encoding.ASCII.GetBytes(id, output);
        output.Write("\",\"meta\":{"u8);
        var gap = output.WrittenCount;
        if (hasMeta)
        {
            CopyProperties(output, meta, static property =>
                property.NameEquals("versionId"u8) || property.NameEquals("lastUpdated"u8) || property.NameEquals("_versionId"u8) || property.NameEquals("_lastUpdated"u8));
        }

        output.Write("}"u8);
        CopyProperties(output, resource, static property =>
            property.NameEquals("resourceType"u8) || property.NameEquals("id"u8) || property.NameEquals("_id"u8) || property.NameEquals("meta"u8));
        output.Write("}"u8);
        return new UnstampedResource(output.WrittenSpan.ToArray(), gap);
    }

    /// <summary>The complete resource.</summary>
    /// <param name="version">Version number, written as meta.versionId.</param>
    /// <param name="lastUpdated">Written in UTC with milliseconds; the rest is cut off.</param>
    public byte[] Stamp(int version, DateTimeOffset lastUpdated)
    {
        Span<byte> stamp = stackalloc byte[96];
        System.Text.Unicode.Utf8.TryWrite(
            stamp, CultureInfo.InvariantCulture, $"\"versionId\":\"{version}\",\"lastUpdated\":\"{lastUpdated.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"", out var length);
        var stamped = GC.AllocateUninitializedArray<byte>(bytes.Length + length);
        bytes.AsSpan(0, gap).CopyTo(stamped);
        stamp[..length].CopyTo(stamped.AsSpan(gap));
        bytes.AsSpan(gap).CopyTo(stamped.AsSpan(gap + length));
        return stamped;
    }

    private static void CopyProperties(ArrayBufferWriter<byte> output, JsonElement source, Func<JsonProperty, bool> isLeftOut)
    {
        foreach (var property in source.EnumerateObject())
        {
            if (!isLeftOut(property))
            {
                output.Write(",\""u8);
                output.Write(JsonMarshal.GetRawUtf8PropertyName(property));
                output.Write("\":"u8);
                output.Write(JsonMarshal.GetRawUtf8Value(property.Value));
            }
        }
    }
}
