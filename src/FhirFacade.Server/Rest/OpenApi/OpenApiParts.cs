using System.Text.Json.Nodes;

namespace FhirFacade.Server.Rest.OpenApi;

/// <summary>What the paths have in common: parameters, bodies, answers, schemas.</summary>
internal static class OpenApiParts
{
    /// <summary>What belongs to no type.</summary>
    public const string SystemTag = "System";

    private const string Json = "application/fhir+json";
    private const string Xml = "application/fhir+xml";

    private static readonly (string Name, string Type, string Text)[] Results =
    [
        ("_sort", "string", "search parameters in the order of their weight, each with - for descending"),
        ("_count", "integer", "resources a page"),
        ("_include", "string", "type:parameter of references to follow, or *"),
        ("_revinclude", "string", "type:parameter of references to follow back, or *"),
        ("_summary", "string", "true, text, data, count or false"),
        ("_elements", "string", "the elements that are wanted"),
        ("_total", "string", "none, estimate or accurate"),
        ("_contained", "string", "true, false or both"),
    ];

    /// <summary>The names of the parameters that every search takes beside those of the type.</summary>
    public static IEnumerable<string> ResultParameters => Results.Select(result => result.Name);

    /// <summary>A reference to a component.</summary>
    public static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    /// <summary>The component of a search parameter; the same code may be of several types.</summary>
    public static string ParameterName(string code, string type) => $"{code}.{type}";

    /// <summary>Every parameter of an address.</summary>
    public static JsonObject Parameters(IEnumerable<JsonObject> types)
    {
        var all = new JsonObject
        {
            ["id"] = Parameter("id", "path", "string", "the logical id"),
            ["vid"] = Parameter("vid", "path", "string", "the version"),
            ["inner"] = Parameter("inner", "path", "string", "a type of the compartment, or *"),
            ["_since"] = Parameter("_since", "query", "string", "only versions since this instant"),
            ["_at"] = Parameter("_at", "query", "string", "only versions that were current at some time in this period"),
            ["mode"] = Parameter("mode", "query", "string", "full, normative or terminology"),
            ["If-Match"] = Parameter("If-Match", "header", "string", "the version that is to be changed: W/\"1\""),
            ["If-None-Exist"] = Parameter("If-None-Exist", "header", "string", "a search that must find nothing"),
            ["Prefer"] = Parameter("Prefer", "header", "string", "return=minimal, representation or OperationOutcome; handling=strict or lenient; respond-async"),
            ["_format"] = Parameter("_format", "query", "string", "json or xml, before Accept"),
        };
        foreach (var (name, type, text) in Results)
        {
            all[name] = Parameter(name, "query", type, text);
        }
        foreach (var parameter in types.SelectMany(type => type["searchParam"]?.AsArray() ?? []))
        {
            var (code, type) = ((string)parameter!["name"]!, (string)parameter["type"]!);
            var writing = SearchWriting.Of(type);
            all.TryAdd(ParameterName(code, type), Parameter(code, "query", "string", $"{type}: {writing.Text}", writing.Example));
        }
        return all;
    }

    /// <summary>What can be answered.</summary>
    public static JsonObject Responses() => new()
    {
        ["Resource"] = Answer("The resource.", "Resource"),
        ["Bundle"] = Answer("A Bundle.", "Bundle"),
        ["Outcome"] = Answer("An OperationOutcome that says why not: 400 not understood, 401 no valid token, 403 not open to the token, 404 not there, 406, 409, 410, 412, 413, 415, 422, 429 or 503 with Retry-After.", "OperationOutcome"),
        ["Accepted"] = new JsonObject
        {
            ["description"] = "It goes on by itself; ask at Content-Location how far it is.",
            ["headers"] = new JsonObject { ["Content-Location"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } } },
        },
        ["Deleted"] = new JsonObject { ["description"] = "It is no longer there." },
        ["NotModified"] = new JsonObject { ["description"] = "The caller has it." },
    };

    /// <summary>What can be sent.</summary>
    public static JsonObject Bodies(IEnumerable<JsonNode?> patchFormats) => new()
    {
        ["Resource"] = Body("Resource", Json, Xml),
        ["Bundle"] = Body("Bundle", Json, Xml),
        ["Parameters"] = new JsonObject { ["content"] = Content("Parameters", Json, Xml) },
        ["Search"] = new JsonObject
        {
            ["content"] = new JsonObject
            {
                ["application/x-www-form-urlencoded"] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["description"] = "The parameters of the search by GET.",
                        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
                    },
                },
            },
        },
        ["Patch"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject(patchFormats.Select(format => KeyValuePair.Create<string, JsonNode?>((string)format!, new JsonObject { ["schema"] = new JsonObject() }))),
        },
    };

    /// <summary>Resources as far as all types are alike; what a type holds, R4 says.</summary>
    public static JsonObject Schemas(IEnumerable<JsonObject> types)
    {
        var schemas = new JsonObject
        {
            ["Resource"] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("resourceType"),
                ["properties"] = new JsonObject
                {
                    ["resourceType"] = new JsonObject { ["type"] = "string" },
                    ["id"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[A-Za-z0-9\\-.]{1,64}$" },
                    ["meta"] = new JsonObject { ["type"] = "object" },
                },
                ["additionalProperties"] = true,
            },
        };
        foreach (var type in types.Select(type => (string)type["type"]!).Union(["Bundle", "OperationOutcome", "Parameters"]))
        {
            schemas[type] = new JsonObject
            {
                ["allOf"] = new JsonArray(Ref("schemas", "Resource"), new JsonObject { ["properties"] = new JsonObject { ["resourceType"] = new JsonObject { ["enum"] = new JsonArray(type) } } }),
                ["externalDocs"] = new JsonObject { ["url"] = $"https://hl7.org/fhir/R4/{type.ToLowerInvariant()}.html" },
            };
        }
        return schemas;
    }

    /// <summary>An answer that is a resource of the type.</summary>
    public static JsonObject Answer(string text, string schema) => new() { ["description"] = text, ["content"] = Content(schema, Json, Xml) };

    /// <summary>A body that has to be a resource of the type.</summary>
    public static JsonObject Body(string schema, params string[] formats) => new() { ["required"] = true, ["content"] = Content(schema, formats.Length == 0 ? [Json, Xml] : formats) };

    private static JsonObject Content(string schema, params string[] formats) =>
        new(formats.Select(format => KeyValuePair.Create<string, JsonNode?>(format, new JsonObject { ["schema"] = Ref("schemas", schema) })));

    private static JsonObject Parameter(string name, string place, string type, string text, string example = "")
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = text, ["schema"] = new JsonObject { ["type"] = type } };
        if (place == "path")
        {
            parameter["required"] = true;
        }
        if (example.Length > 0)
        {
            parameter["example"] = example;
        }
        return parameter;
    }
}
