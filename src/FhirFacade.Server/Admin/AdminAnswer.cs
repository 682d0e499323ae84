using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Admin;

/// <summary>What the routes have in common: bodies in, answers out.</summary>
internal static class AdminAnswer
{
    private const int LargestBody = 64 * 1024;

    /// <summary>Writes an answer. It has been noted in the audit trail by then.</summary>
    public static async Task WriteAsync(HttpContext http, JsonNode json, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await Disclosures.WrittenAsync(http);
        await http.Response.WriteAsync(json.ToJsonString(), http.RequestAborted);
    }

    /// <summary>It is done, and there is nothing to say about it.</summary>
    public static Task DoneAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>There is none of that name.</summary>
    public static Task NotFoundAsync(HttpContext http, string what) => Problem.WriteAsync(http, StatusCodes.Status404NotFound, $"there is no such {what}");

    /// <summary>
    /// The body, a JSON object whose members all have known names; null if it is none, and then the answer has been given. A form of a web page is none:
    /// a browser sends application/json to another site only if that site lets it.
    /// </summary>
    public static async Task<JsonObject?> ReadAsync(HttpContext http, params string[] known)
    {
        if (!http.Request.HasJsonContentType())
        {
            await Problem.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, "the body is to be application/json");
            return null;
        }
        var said = await JsonBody.ReadAsync(http, LargestBody);
        if (said is not null && said.All(member => known.Contains(member.Key, StringComparer.Ordinal)))
        {
            return said;
        }
        await Problem.WriteAsync(http, StatusCodes.Status400BadRequest, $"the body is to be a JSON object with members of these names: {string.Join(", ", known)}");
        return null;
    }

    /// <summary>A text; null if it is not there, or is something else.</summary>
    public static string? Text(JsonObject said, string name) => said[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.ToString() : null;

    /// <summary>Whether what is there under these names is texts.</summary>
    public static bool AreTexts(JsonObject said, params string[] names) => names.All(name => !said.ContainsKey(name) || Text(said, name) is not null);

    /// <summary>The part of the path with that name.</summary>
    public static string Route(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;
}
