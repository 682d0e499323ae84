using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using FhirFacade.Fhir.Json;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary>Reads a small JSON object that somebody sent.</summary>
internal static class JsonBody
{
    /// <summary>The object; null if it is none, is too long or too deep, says something twice, or holds what is no text or cannot be stored as one (U+0000).</summary>
    public static async Task<JsonObject?> ReadAsync(HttpContext http, int largest)
    {
        var body = new byte[largest + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        try
        {
            return length <= largest && IsText(body.AsSpan(0, length)) ? JsonNode.Parse(body.AsSpan(0, length), documentOptions: new() { MaxDepth = 16, AllowDuplicateProperties = false }) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;    // what cannot be read is no object
        }
    }

    // Read to its end first: escapes can be looked at in well-formed JSON only.
    private static bool IsText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 16 });
        while (reader.Read())
        {
        }
        return Utf8.IsValid(json) && SurrogateEscapes.ArePaired(json) && json.IndexOf("\\u0000"u8) < 0;
    }
}
