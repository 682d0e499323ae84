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

    // "versionId":"","lastUpdated":"2020-01-01T00:00:00.000Z" without the digits of the version.
    private const int StampLength = 14 + 15 + 25 + 1;

    private const int KeptScratch = 256 * 1024;

    // Of each thread one buffer stays.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

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

        var output = scratch ?? new ArrayBufferWriter<byte>(16 * 1024);
        scratch = null;
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
        var bytes = output.WrittenSpan.ToArray();
        output.ResetWrittenCount();
        scratch = output.Capacity <= KeptScratch ? output : null;
        return new UnstampedResource(bytes, gap);
    }

    /// <summary>The complete resource.</summary>
    /// <param name="version">Version number, written as meta.versionId.</param>
    /// <param name="lastUpdated">Written in UTC with milliseconds; the rest is cut off.</param>
    public byte[] Stamp(int version, DateTimeOffset lastUpdated)
    {
        var stamped = GC.AllocateUninitializedArray<byte>(StampedLength(version));
        Stamp(version, lastUpdated, stamped);
        return stamped;
    }

    /// <summary>How many bytes the complete resource has.</summary>
    public int StampedLength(int version)
    {
        var digits = 1;
        for (var rest = version / 10; rest > 0; rest /= 10)
        {
            digits++;
        }

        return bytes.Length + StampLength + digits;
    }

    /// <summary>Writes the complete resource to the beginning of a span.</summary>
    /// <param name="version">Version number, from 1.</param>
    /// <param name="lastUpdated">Written in UTC with milliseconds; the rest is cut off.</param>
    /// <param name="target">At least <see cref="StampedLength"/> long.</param>
    public void Stamp(int version, DateTimeOffset lastUpdated, Span<byte> target)
    {
        bytes.AsSpan(0, gap).CopyTo(target);
        System.Text.Unicode.Utf8.TryWrite(
            target[gap..], CultureInfo.InvariantCulture, $"\"versionId\":\"{version}\",\"lastUpdated\":\"{lastUpdated.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"", out var length);
        bytes.AsSpan(gap).CopyTo(target[(gap + length)..]);
    }

    /// <summary>Whether the text, of ASCII characters, stands anywhere in it.</summary>
    public bool Holds(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> wanted = stackalloc byte[128];
        return text.Length <= wanted.Length && bytes.AsSpan().IndexOf(wanted[..Encoding.ASCII.GetBytes(text, wanted)]) >= 0;
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
