using System.Text.Json;

namespace FhirFacade.Server.Rest;

/// <summary>A JSON Patch inside of a Bundle: it is not a resource, so it comes in a Binary (R4 http.html, patch).</summary>
internal static class BinaryPatch
{
    /// <summary>The bytes and their media type; null if the resource of a PATCH is not such a patch.</summary>
    public static (ReadOnlyMemory<byte> Bytes, string ContentType)? In(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType", out var type) && type.ValueEquals("Binary")
        && resource.TryGetProperty("contentType", out var contentType) && contentType.ValueKind == JsonValueKind.String
        && resource.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.String && data.TryGetBytesFromBase64(out var bytes)
            ? (bytes, contentType.GetString()!)
            : null;
}
