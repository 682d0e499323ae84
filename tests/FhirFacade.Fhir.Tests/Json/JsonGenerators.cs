using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace FhirFacade.Fhir.Tests.Json;

/// <summary>Encounters and messages about them, made of few names and values so that they often meet.</summary>
internal static class JsonGenerators
{
    private static readonly Gen<string> Scalar = Gen.Elements("\"a\"", "\"\\u00e9\"", "\"é\"", "1", "1.0", "1.00", "1e2", "true", "null");

    private static readonly Gen<string> Small = Gen.OneOf(
        Scalar,
        from value in Scalar from name in Gen.Elements("x", "y") select $"{{\"{name}\":{value}}}",
        from values in Scalar.ListOf() select $"[{string.Join(',', values)}]");

    private static readonly Gen<string> Period =
        from start in Gen.Elements("\"2024\"", "\"2025\"", "null", "")
        from end in Gen.Elements("\"2024\"", "null", "")
        select $"{{{string.Join(',', new[] { start.Length > 0 ? "\"start\":" + start : "", end.Length > 0 ? "\"end\":" + end : "" }.Where(part => part.Length > 0))}}}";

    private static readonly Gen<string> Meta =
        from source in Gen.Elements("\"#a\"", "\"#b\"")
        from version in Gen.Elements("\"1\"", "\"2\"")
        from tag in Scalar
        select $"{{\"source\":{source},\"versionId\":{version},\"tag\":[{{\"code\":{tag}}}]}}";

    /// <summary>An Encounter's JSON; with nulls, as a message has them.</summary>
    public static Gen<JsonObject> Encounter { get; } =
        from names in Gen.SubListOf("id", "status", "_status", "class", "type", "priority", "length", "period", "meta", "extension", "unknown")
        from order in Gen.Shuffle((IEnumerable<string>)names)
        from values in Small.ArrayOf(names.Count)
        from period in Gen.OneOf(Period, Gen.Constant("null"))
        from meta in Gen.OneOf(Meta, Gen.Constant("null"))
        select Build(order, values, period, meta);

    /// <summary>The same content with the keys of every object in another order.</summary>
    public static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.Reverse().Select(property => KeyValuePair.Create(property.Key, Reversed(property.Value)))),
        JsonArray json => new JsonArray([.. json.Select(Reversed)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Build(string[] names, string[] values, string period, string meta)
    {
        var json = new JsonObject { ["resourceType"] = "Encounter" };
        foreach (var (name, value) in names.Zip(values))
        {
            json[name] = JsonNode.Parse(name switch { "id" => "\"e\"", "period" => period, "meta" => meta, _ => value });
        }

        return json;
    }
}
