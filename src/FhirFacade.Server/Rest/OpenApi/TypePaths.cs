using System.Text.Json.Nodes;
using FhirFacade.Server.Rest.Operations;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>The addresses of a type, from what the CapabilityStatement says of it.</summary>
internal static class TypePaths
{
    private static readonly string[] Read = ["id", "_format"];
    private static readonly string[] History = ["_since", "_at", "_count"];

    /// <summary>The tag that the type's requests carry.</summary>
    public static JsonObject Tag(JsonObject resource) => new()
    {
        ["name"] = (string)resource["type"]!,
        ["externalDocs"] = new JsonObject { ["url"] = $"https://hl7.org/fhir/R4/{((string)resource["type"]!).ToLowerInvariant()}.html" },
    };

    /// <summary>Path and path item.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(JsonObject resource)
    {
        var type = (string)resource["type"]!;
        var paths = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        void Add(string path, string method, OpenApiOperation operation)
        {
            paths.TryAdd(path, []);
            paths[path][method] = operation.ToJson();
        }

        foreach (var code in resource["interaction"]!.AsArray().Select(interaction => (string)interaction!["code"]!))
        {
            foreach (var (path, method, operation) in Interaction(type, code, resource))
            {
                Add(path, method, operation);
            }
        }
        foreach (var name in (resource["operation"]?.AsArray() ?? []).Select(operation => ((string)operation!["name"]!, (string)operation["definition"]!)))
        {
            var offered = OperationEndpoints.Of(type).First(operation => (operation.Name, operation.Definition) == name);
            foreach (var (path, method, operation) in Operation(type, offered))
            {
                Add(path, method, operation);
            }
        }
        return paths.Select(path => KeyValuePair.Create<string, JsonNode?>(path.Key, path.Value));
    }

    private static IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Interaction(string type, string code, JsonObject resource)
    {
        OpenApiOperation One(string summary, string scope) => new(type, $"{type}-{code}", summary) { Scope = $"{type}.{scope}", AnswerIs = OpenApiParts.Answer($"The {type}.", type) };
        var body = OpenApiParts.Body(type);
        return code switch
        {
            "read" => [($"/{type}/{{id}}", "get", One($"Read a {type}", "r") with { Parameters = Read })],
            "vread" => [($"/{type}/{{id}}/_history/{{vid}}", "get", One($"Read a version of a {type}", "r") with { Parameters = [.. Read, "vid"] })],
            "history-instance" => [($"/{type}/{{id}}/_history", "get", One($"The versions of a {type}", "r") with { Parameters = [.. Read, .. History], AnswerIs = null, Answer = "Bundle" })],
            "history-type" => [($"/{type}/_history", "get", One($"The versions of every {type}", "r") with { Parameters = ["_format", .. History], AnswerIs = null, Answer = "Bundle" })],
            "create" => [($"/{type}", "post", One($"Create a {type}", "c") with { Parameters = ["If-None-Exist", "Prefer"], Body = body, Status = "201" })],
            "update" =>
            [
                ($"/{type}/{{id}}", "put", One($"Update a {type}, or create it under this id", "u") with { Parameters = ["id", "If-Match", "Prefer"], Body = body }),
                ($"/{type}", "put", One($"Update the {type} that a search finds", "u") with { Id = $"{type}-update-conditional", Parameters = [.. Criteria(resource), "If-Match", "Prefer"], Body = (JsonObject)body.DeepClone() }),
            ],
            "patch" =>
            [
                ($"/{type}/{{id}}", "patch", One($"Change parts of a {type}", "u") with { Parameters = ["id", "If-Match", "Prefer"], Body = OpenApiParts.Ref("requestBodies", "Patch") }),
                ($"/{type}", "patch", One($"Change parts of the {type} that a search finds", "u") with { Id = $"{type}-patch-conditional", Parameters = [.. Criteria(resource), "If-Match", "Prefer"], Body = OpenApiParts.Ref("requestBodies", "Patch") }),
            ],
            "delete" =>
            [
                ($"/{type}/{{id}}", "delete", One($"Delete a {type}", "d") with { Parameters = ["id", "If-Match"], AnswerIs = null, Answer = "Deleted", Status = "204" }),
                ($"/{type}", "delete", One($"Delete the {type} that a search finds", "d") with { Id = $"{type}-delete-conditional", Parameters = Criteria(resource), AnswerIs = null, Answer = "Deleted", Status = "204" }),
            ],
            "search-type" =>
            [
                ($"/{type}", "get", One($"Search {type}", "s") with { Parameters = [.. Criteria(resource), .. OpenApiParts.ResultParameters, "_format", "Prefer"], AnswerIs = null, Answer = "Bundle" }),
                ($"/{type}/_search", "post", One($"Search {type}, with the parameters in the body", "s") with { Id = $"{type}-search-post", Parameters = ["Prefer"], Body = OpenApiParts.Ref("requestBodies", "Search"), AnswerIs = null, Answer = "Bundle" }),
            ],
            _ => throw new InvalidOperationException($"{code} is an interaction that has no description"),
        };
    }

    private static IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operation(string type, OfferedOperation offered)
    {
        foreach (var level in new[] { OperationLevels.Type, OperationLevels.Instance }.Where(level => offered.Levels.HasFlag(level)))
        {
            var path = level == OperationLevels.Type ? $"/{type}/${offered.Name}" : $"/{type}/{{id}}/${offered.Name}";
            var id = $"{type}-{offered.Name}-{level.ToString().ToLowerInvariant()}";
            var operation = new OpenApiOperation(type, id, $"${offered.Name} of {(level == OperationLevels.Type ? type : "a " + type)}: {offered.Definition}") { Parameters = level == OperationLevels.Type ? [] : ["id"] };
            if (offered.IsByGet(level))
            {
                yield return (path, "get", operation);
            }
            yield return (path, "post", operation with { Id = id + "-post", Body = OpenApiParts.Ref("requestBodies", "Parameters") });
        }
    }

    private static IEnumerable<string> Criteria(JsonObject resource) =>
        (resource["searchParam"]?.AsArray() ?? []).Select(parameter => OpenApiParts.ParameterName((string)parameter!["name"]!, (string)parameter["type"]!));
}
