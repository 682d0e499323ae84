using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Server.Audit;
using FhirFacade.Server.Render;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>An answer that an operation made: no version, nothing that a cache may keep.</summary>
internal static class OperationResponse
{
    /// <summary>200 with the resource.</summary>
    public static async Task WriteAsync(HttpContext http, JsonObject resource, Rendering rendering)
    {
        var type = (string)resource["resourceType"]!;
        var json = ResourceContent.ToBytes(resource);
        var body = rendering.IsXml ? ResourceXml.Of(type, json, Rendering.Default)! : json;
        Disclosures.Of(http)?.Add(JsonElement.Parse(json));
        http.Response.ContentType = rendering.ContentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await Disclosures.WrittenAsync(http);
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>A Parameters resource; parts that are null are left out.</summary>
    public static JsonObject Parameters(params IEnumerable<JsonObject?> parts) => new()
    {
        ["resourceType"] = "Parameters",
        ["parameter"] = new JsonArray([.. parts.OfType<JsonObject>()]),
    };

    /// <summary>One parameter with a value of the type, such as <c>valueString</c>; null without a value.</summary>
    public static JsonObject? Part(string name, string type, JsonNode? value) => value is null ? null : new() { ["name"] = name, [type] = value };
}
