using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Json;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Fhir.Validation;
using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation.Tests;

/// <summary>Small messages, and what becomes of them.</summary>
internal static class Feed
{
    public const string Pid = "PID|1||4711^^^GH^MR||Miller^Ann";

    /// <summary>Translates a message of the given type; MSH is written here. Fails the test if anything it makes is not valid R4.</summary>
    public static TranslationResult Translate(string type, params string[] segments) => Translate(FeedProfile.Default, type, segments);

    public static TranslationResult Translate(FeedProfile profile, string type, params string[] segments) =>
        Raw(profile, [$@"MSH|^~\&|LAB|GH|FF|GH|20240501120000||{type}|42|P|2.5.1", .. segments]);

    /// <summary>Translates exactly these segments.</summary>
    public static TranslationResult Raw(FeedProfile profile, params string[] segments)
    {
        var parsed = Hl7Message.Parse(Encoding.UTF8.GetBytes(string.Join('\r', segments) + "\r"));
        Assert.NotNull(parsed.Message);
        var result = Translator.Default.Translate(parsed.Message, profile);
        foreach (var resource in result.Resources)
        {
            AssertValid(resource);
        }

        return result;
    }

    /// <summary>As it would be stored if nothing had been: deletions gone.</summary>
    public static JsonObject Stored(TranslatedResource resource) =>
        resource.Mode == TranslationMode.Merge ? MergePatch.Apply(null, resource.Content) : resource.Content;

    public static void AssertValid(TranslatedResource resource)
    {
        using var document = JsonDocument.Parse(Stored(resource).ToJsonString());
        Assert.Empty(StructureValidator.Validate(document.RootElement).Select(i => $"{resource.Type} {i.Expression} {i.Diagnostics}"));
        Assert.Matches("^[a-z0-9.-]{1,64}$", resource.Id);
        Assert.Equal(resource.Id, (string?)resource.Content["id"]);
    }

    /// <summary>Fails if a rule of R4 is broken: structure, bindings, invariants, extensions.</summary>
    public static void AssertKeepsR4(TranslatedResource resource, string where)
    {
        using var document = JsonDocument.Parse(Stored(resource).ToJsonString());
        Assert.Empty(ResourceValidator.R4.Validate(document.RootElement).Where(i => i.Severity is IssueSeverity.Error or IssueSeverity.Fatal).Select(i => $"{where}: {resource.Type} {i.Expression} {i.Diagnostics}"));
    }

    /// <summary>The only resource of a type.</summary>
    public static JsonObject One(this TranslationResult result, string type) => Assert.Single(result.Resources, r => r.Type == type).Content;

    public static List<JsonObject> All(this TranslationResult result, string type) => [.. result.Resources.Where(r => r.Type == type).Select(r => r.Content)];

    public static JsonObject Patient(params string[] segments) => Translate("ADT^A08^ADT_A01", segments).One("Patient");

    /// <summary>Follows dots and indexes, such as <c>name.0.family</c>.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var step in path.Split('.'))
        {
            node = int.TryParse(step, out var index) ? node is JsonArray list && index < list.Count ? list[index] : null : node?[step];
        }

        return node;
    }

    public static string? Text(this JsonNode? node, string path) => (string?)node.At(path);

    /// <summary>The value of an extension.</summary>
    public static JsonNode? Extension(this JsonNode? node, string url) =>
        (node?["extension"] as JsonArray)?.FirstOrDefault(e => (string?)e!["url"] == url) is JsonObject extension
            ? extension.FirstOrDefault(p => p.Key.StartsWith("value", StringComparison.Ordinal)).Value ?? extension
            : null;

    public static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual?.ToJsonString()}");

    /// <summary>What is said about fields, without what is said about the order of segments.</summary>
    public static IEnumerable<TranslationIssue> FieldIssues(this TranslationResult result) => result.Issues.Where(i => i.Code != Table0357.SegmentSequence);

    /// <summary>All that a resource refers to.</summary>
    public static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(p => p.Key == "reference" && p.Value is JsonValue value ? [(string)value!] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
