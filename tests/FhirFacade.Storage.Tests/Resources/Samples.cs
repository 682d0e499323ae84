using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Storage.Tests.Resources;

/// <summary>Small resources to store.</summary>
internal static class Samples
{
    public static JsonElement Patient(string family) => Parse($$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}""");

    public static JsonElement Observation(string patient, string code = "718-7", int value = 1) => Parse($$"""
        {"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]},
         "subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"2024-05-06T07:08:09Z","valueInteger":{{value}}}
        """);

    public static JsonElement Practitioner(string family) => Parse($$"""{"resourceType":"Practitioner","name":[{"family":"{{family}}"}]}""");

    public static ResourceChange Change(string type, string id, string json, ChangeMode mode = ChangeMode.Merge) => new(type, id, JsonNode.Parse(json)!.AsObject(), mode);

    public static ResourceChange Change(string id, JsonElement content, ChangeMode mode = ChangeMode.Merge) =>
        new(content.GetProperty("resourceType").GetString()!, id, JsonObject.Create(content)!, mode);

    public static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
