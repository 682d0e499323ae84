using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>Reads a small JSON object that somebody sent.</summary>
internal static class JsonBody
{
    /// <summary>The object; null if it is none, is too long or too deep, or says something twice.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpContext http, int largest)
    {
        var body = new byte[largest + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        try
        {
            return length > largest ? null : JsonNode.Parse(body.AsSpan(0, length), documentOptions: new() { MaxDepth = 16, AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;    // what cannot be read is no object
        }
    }
}
