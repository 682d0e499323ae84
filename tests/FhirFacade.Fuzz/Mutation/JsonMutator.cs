using System.Text;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fuzz.Mutation;

/// <summary>Changes to a resource that keep it JSON, mostly.</summary>
internal static class JsonMutator
{
    // Stands in the tree for text that the tree itself could not hold.
    private const string Raw = "<raw";

    private static readonly string[] Values =
    [
        "null", "true", "0", "-0", "1e400", "-1E-400", "1.000000000000000000000000000000000001", "79228162514264337593543950336", "12345678901234567890123456789012345678901234567890",
        "\"\"", "\" \"", "\"\\ud800\"", "\"\\u0000\"", "\"\\uFFFE\"", "\"\\uD83D\\uDE00\"", "\"\u2028\"", "\"#\"", "\"#x\"", "\"Patient/\"", "\"Patient/x/_history/\"", "\"urn:uuid:\"", "\"http://\"", "\"?a=b\"",
        "\"9999-12-31T23:59:60+14:00\"", "\"0001-01-01\"", "\"2024-02-30\"", "\"2024-13\"", "\"24:00:00\"", "\"0000\"", "\"2024-01-01T00:00:00.12345678901234567890Z\"",
        "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>x</p></div>\"", "\"<div>&lt;<![CDATA[x]]></div>\"", "\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">&#x1F600;&nbsp;</div>\"", "\"<div\"",
        "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":1}", "{\"a\":{\"a\":{\"a\":{}}}}", "{\"resourceType\":1}", "{\"resourceType\":\"Patient\"}", "{\"reference\":\"#\"}", "{\"extension\":[]}",
        "{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\",\"valueCode\":\"unknown\"}", "{\"value\":1e-30,\"system\":\"http://unitsofmeasure.org\",\"code\":\"10*-400\"}",
        "{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"85354-9\"}]}",
    ];

    private static readonly string[] Names = [.. R4.Definitions.Types.SelectMany(type => type.Elements).SelectMany(TypeDefinition.JsonNamesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static readonly string[] Types = [.. R4.Definitions.ResourceTypes.Order(StringComparer.Ordinal)];

    /// <summary>A few changes to one of the seeds, with pieces of another.</summary>
    public static byte[] Mutate(IReadOnlyList<byte[]> seeds, Random random)
    {
        var root = Parse(seeds, random);
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            Change(root, seeds, random);
        }

        return Encoding.UTF8.GetBytes(WithRaw(root.ToJsonString()));
    }

    private static JsonObject Parse(IReadOnlyList<byte[]> seeds, Random random) => JsonNode.Parse(seeds[random.Next(seeds.Count)])!.AsObject();

    private static void Change(JsonObject root, IReadOnlyList<byte[]> seeds, Random random)
    {
        var node = Pick(root, random);
        switch (random.Next(12))
        {
            case 0 when node.Parent is JsonObject parent:
                parent.Remove(node.GetPropertyName());
                break;
            case 1 when node.Parent is JsonArray items:
                items.Remove(node);
                break;
            case 2 when node is JsonObject json:
                json[Names[random.Next(Names.Length)]] = Strange(random);
                break;
            case 3 when node is JsonObject json:
                json["_" + Names[random.Next(Names.Length)]] = Strange(random);
                break;
            case 4 when node is JsonArray { Count: > 0 and < 300 } items:
                for (var more = 1 << random.Next(8); more > 0; more--)
                {
                    items.Add(items[0]?.DeepClone());
                }

                break;
            case 5 when node is JsonObject json:
                json["resourceType"] = Types[random.Next(Types.Length)];
                break;
            case 6 when node.Parent is not null:
                node.ReplaceWith(Pick(Parse(seeds, random), random).DeepClone());
                break;
            case 7 when node is JsonObject json && node.Parent is not null:
                json["contained"] = new JsonArray(Parse(seeds, random));
                break;
            case 8 when node.Parent is not null:
                node.ReplaceWith(Nested(random));
                break;
            case 9 when node.Parent is JsonObject parent:
                var name = node.GetPropertyName();
                parent.Remove(name);
                parent[random.Next(2) == 0 ? "_" + name : Names[random.Next(Names.Length)]] = node;
                break;
            case 10 when node is JsonObject json:
                json["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/e", ["extension"] = new JsonArray(json.DeepClone()) });
                break;
            default:
                if (node.Parent is not null)
                {
                    node.ReplaceWith(Strange(random));
                }

                break;
        }
    }

    private static JsonNode Pick(JsonNode root, Random random)
    {
        var node = root;
        for (var depth = random.Next(1, 7); depth > 0; depth--)
        {
            var children = node switch
            {
                JsonObject json => json.Select(property => property.Value).OfType<JsonNode>().ToList(),
                JsonArray items => [.. items.OfType<JsonNode>()],
                _ => [],
            };
            if (children.Count == 0)
            {
                break;
            }

            node = children[random.Next(children.Count)];
        }

        return node;
    }

    private static JsonValue Strange(Random random) => JsonValue.Create($"{Raw}{random.Next(Values.Length)}>");

    private static JsonValue Nested(Random random) => JsonValue.Create($"{Raw}-{random.Next(1, 200)}>");

    private static string WithRaw(string json)
    {
        var parts = json.Split("\"\\u003Craw");
        var text = new StringBuilder(parts[0]);
        foreach (var part in parts.AsSpan(1))
        {
            var end = part.IndexOf("\\u003E\"", StringComparison.Ordinal);
            if (end < 0 || !int.TryParse(part.AsSpan(0, end), System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                return json;
            }

            text.Append(number < 0 ? Deep(-number) : Values[number]).Append(part.AsSpan(end + 7));
        }

        return text.ToString();
    }

    private static string Deep(int depth) => (depth % 3) switch
    {
        0 => new string('[', depth) + new string(']', depth),
        1 => string.Concat(Enumerable.Repeat("{\"extension\":[", depth)) + string.Concat(Enumerable.Repeat("]}", depth)),
        _ => string.Concat(Enumerable.Repeat("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":", depth)) + "{\"resourceType\":\"Basic\"}" + string.Concat(Enumerable.Repeat("}]}", depth)),
    };
}
