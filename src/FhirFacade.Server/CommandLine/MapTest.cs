using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Hl7v2.Parsing;
using FhirFacade.Server.Configuration;
using FhirFacade.Translation;

namespace FhirFacade.Server.CommandLine;

/// <summary>What came of testing a folder.</summary>
/// <param name="Lines">The differences, file by file.</param>
/// <param name="Passed">Files that gave what is expected.</param>
/// <param name="Failed">Files that did not.</param>
/// <param name="Written">Expectations that were written.</param>
internal sealed record MapTestReport(IReadOnlyList<string> Lines, int Passed, int Failed, int Written);

/// <summary>
/// Translates <c>NAME.hl7</c> and compares with <c>NAME.json</c>: a Bundle, or a list of resources, and for a file of several messages a list of
/// either, in their order. Resources are found by type and id.
/// </summary>
internal static class MapTest
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static MapTestReport Run(string folder, FeedChoice choice, bool update, bool showPhi)
    {
        var lines = new List<string>();
        var (passed, failed, written) = (0, 0, 0);
        var files = Directory.GetFiles(folder, "*.hl7").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
        {
            throw new StartupException($"{folder} holds no *.hl7 file");
        }

        foreach (var file in files)
        {
            var expected = Path.ChangeExtension(file, ".json");
            var made = FeedFiles.Read([file], verbatim: false).Select(message => Translate(message, choice)).ToList();
            var differences = File.Exists(expected) ? Compare(Read(expected), made, showPhi) : [$"{Path.GetFileName(expected)} is not there"];
            if (differences.Count == 0)
            {
                passed++;
            }
            else if (update)
            {
                File.WriteAllText(expected, (made is [var only] ? (JsonNode)only : new JsonArray([.. made])).ToJsonString(Indented) + "\n");
                written++;
            }
            else
            {
                failed++;
                lines.Add(Path.GetFileName(file));
                lines.AddRange(differences.Select(static d => "  " + d));
            }
        }

        return new(lines, passed, failed, written);
    }

    private static JsonObject Translate(FeedMessage file, FeedChoice choice)
    {
        if (Hl7Message.Parse(file.Bytes).Message is not { } message)
        {
            return Bundle([]);
        }

        var feed = choice.Profile is null ? choice.Feeds.Choose(choice.Listener, message) : choice.Feeds.Find(choice.Profile)!;
        return Bundle(feed.Translator.Translate(feed.Read(message), feed.Profile).Resources);
    }

    // The version of the profile is no property of the mapping that is tested: it changes with every comment.
    private static JsonObject Bundle(IEnumerable<TranslatedResource> resources)
    {
        var entries = new JsonArray();
        foreach (var resource in resources)
        {
            if (resource.Type == "Provenance")
            {
                resource.Content.Remove("policy");
            }

            entries.Add(new JsonObject { ["resource"] = resource.Content });
        }

        return new JsonObject { ["resourceType"] = "Bundle", ["type"] = "collection", ["entry"] = entries };
    }

    private static JsonNode? Read(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException error)
        {
            throw new StartupException($"{file}: line {error.LineNumber + 1} is no JSON", error);
        }
    }

    private static List<string> Compare(JsonNode? expected, List<JsonObject> made, bool showPhi)
    {
        // A list of resources is what one message makes; a list of Bundles or of lists is what several make.
        var messages = expected is JsonArray list && list.All(static item => item is JsonArray || IsBundle(item)) && (list.Count > 0 || made.Count != 1) ? [.. list] : new List<JsonNode?> { expected };
        if (messages.Count != made.Count)
        {
            return [$"{made.Count} messages, but {messages.Count} are expected"];
        }

        return [.. messages.SelectMany((one, i) => Differences(Resources(one), Resources(made[i]), showPhi).Select(d => made.Count == 1 ? d : $"message {i + 1}: {d}"))];
    }

    private static IEnumerable<string> Differences(Dictionary<string, JsonObject> expected, Dictionary<string, JsonObject> made, bool showPhi)
    {
        foreach (var (key, resource) in expected)
        {
            if (!made.TryGetValue(key, out var other))
            {
                yield return $"{key} is missing";
                continue;
            }

            foreach (var difference in JsonDifference.Between(resource, other, (string?)resource["resourceType"] ?? ""))
            {
                yield return $"{key}: {difference.Describe(showPhi)}";
            }
        }

        foreach (var key in made.Keys.Where(key => !expected.ContainsKey(key)))
        {
            yield return $"{key} is not expected";
        }
    }

    private static Dictionary<string, JsonObject> Resources(JsonNode? node)
    {
        var resources = IsBundle(node) ? (node!["entry"] as JsonArray)?.Select(static entry => entry?["resource"]) : node is JsonArray list ? list : [node];
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var resource in (resources ?? []).OfType<JsonObject>())
        {
            found[$"{resource["resourceType"]}/{resource["id"]}"] = resource;
        }

        return found;
    }

    private static bool IsBundle(JsonNode? node) => node is JsonObject bundle && (string?)bundle["resourceType"] == "Bundle";
}
