using System.Text.Json.Nodes;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>The addresses that belong to no type, and those of compartments.</summary>
internal static class SystemPaths
{
    /// <summary>Those of the system.</summary>
    public static JsonObject Of(JsonObject rest)
    {
        var paths = new JsonObject
        {
            ["/metadata"] = Item(("get", System("capabilities", "What this server offers") with { Parameters = ["mode", "_format"], IsOpen = true })),
            ["/.well-known/smart-configuration"] = Item(("get", System("smart-configuration", "How to get a token (SMART App Launch)") with
            {
                IsOpen = true,
                AnswerIs = new JsonObject { ["description"] = "The configuration.", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } } },
            })),
        };
        var interactions = rest["interaction"]!.AsArray().Select(interaction => (string)interaction!["code"]!).ToHashSet(StringComparer.Ordinal);
        if (interactions.Contains("search-system"))
        {
            paths["/"] = Item(("get", System("search-system", "Search several types; _type names them") with { Parameters = [.. OpenApiParts.ResultParameters, "_format", "Prefer"], Answer = "Bundle" }));
            paths["/_search"] = Item(("post", System("search-system-post", "Search several types, with the parameters in the body") with { Body = OpenApiParts.Ref("requestBodies", "Search"), Answer = "Bundle" }));
        }
        if (interactions.Contains("transaction") || interactions.Contains("batch"))
        {
            paths.TryAdd("/", new JsonObject());
            paths["/"]!["post"] = (System("transaction", "A Bundle of requests: batch or transaction") with { Parameters = ["Prefer"], Body = OpenApiParts.Ref("requestBodies", "Bundle"), Answer = "Bundle" }).ToJson();
        }
        if (interactions.Contains("history-system"))
        {
            paths["/_history"] = Item(("get", System("history-system", "The versions of everything") with { Parameters = ["_since", "_at", "_count", "_format", "Prefer"], Answer = "Bundle" }));
        }
        return paths;
    }

    /// <summary>Searches within the compartments that the statement names.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> OfCompartments(JsonObject rest)
    {
        var types = rest["resource"]!.AsArray().Select(resource => (string)resource!["type"]!).ToDictionary(type => type.ToLowerInvariant());
        foreach (var type in (rest["compartment"]?.AsArray() ?? []).Select(compartment => types[((string)compartment!).Split('/')[^1]]))
        {
            var search = new OpenApiOperation(type, $"{type}-compartment", $"Search what belongs to a {type}") { Parameters = ["id", "inner", .. OpenApiParts.ResultParameters, "_format", "Prefer"], Answer = "Bundle" };
            yield return KeyValuePair.Create<string, JsonNode?>($"/{type}/{{id}}/{{inner}}", Item(("get", search)));
        }
    }

    private static OpenApiOperation System(string id, string summary) => new(OpenApiParts.SystemTag, id, summary);

    private static JsonObject Item(params (string Method, OpenApiOperation Operation)[] operations) =>
        new(operations.Select(operation => KeyValuePair.Create<string, JsonNode?>(operation.Method, operation.Operation.ToJson())));
}
