using System.Security.Cryptography;
using System.Text.Json;

namespace FhirFacade.Fhir.Json;

/// <summary>What makes two versions of a resource the same, and how a version is marked.</summary>
public static class ResourceContent
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = 16;

    /// <summary>
    /// Hash of the content without meta.versionId, meta.lastUpdated and meta.source. Order of keys, white space and
    /// escapes do not matter; order of array items and the digits of decimals do. Stable for ever: it is stored.
    /// </summary>
    public static byte[] Hash(JsonElement resource) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(resource))[..HashLength];

    /// <summary>
    /// The resource as it is stored and served: resourceType, id, meta.versionId and meta.lastUpdated first, all else as
    /// it was, byte for byte.
    /// </summary>
    /// <param name="resource">An object with a resourceType.</param>
    /// <param name="id">The id that it gets, whatever it had.</param>
    /// <param name="version">Version number, written as meta.versionId.</param>
    /// <param name="lastUpdated">Written in UTC with milliseconds; the rest is cut off.</param>
    public static byte[] Stamp(JsonElement resource, string id, int version, DateTimeOffset lastUpdated) =>
        JsonSerializer.SerializeToUtf8Bytes(resource);

    /// <summary>As above, keeping the id that the resource has.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static byte[] Stamp(JsonElement resource, int version, DateTimeOffset lastUpdated) =>
        resource.TryGetProperty("id", out var id) && id.GetString() is { Length: > 0 } text
            ? Stamp(resource, text, version, lastUpdated)
            : throw new ArgumentException("A resource without an id cannot be stamped.", nameof(resource));
}
