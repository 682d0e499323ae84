using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirFacade.Fhir.Outcomes;

/// <summary>Writes issues as an R4 OperationOutcome resource.</summary>
public static class OperationOutcome
{
    // The JSON is never put into a page: what JSON allows raw stays readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The resource as UTF-8 JSON. Without issues it says, as FHIR requires at least one, that all is well.</summary>
    public static byte[] ToJson(IEnumerable<Issue> issues)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            ToJsonObject(issues).WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>The resource of these issues as UTF-8 JSON.</summary>
    public static byte[] ToJson(params Issue[] issues) => ToJson((IEnumerable<Issue>)issues);

    /// <summary>The resource as a new JSON object that the caller may change.</summary>
    public static JsonObject ToJsonObject(IEnumerable<Issue> issues)
    {
        ArgumentNullException.ThrowIfNull(issues);
        var list = new JsonArray();
        foreach (var issue in issues)
        {
            list.Add((JsonNode)Write(issue));
        }

        if (list.Count == 0)
        {
            list.Add((JsonNode)Write(Issue.Information(IssueType.Informational, "All OK")));
        }

        return new JsonObject { ["resourceType"] = "OperationOutcome", ["issue"] = list };
    }

    private static JsonObject Write(Issue issue)
    {
        var json = new JsonObject
        {
            ["severity"] = Code(issue.Severity),
            ["code"] = issue.Code,
        };
        if (issue.ConstraintKey is not null)
        {
            json["details"] = new JsonObject { ["text"] = issue.ConstraintKey };
        }

        if (issue.Diagnostics.Length > 0)
        {
            json["diagnostics"] = issue.Diagnostics;
        }

        if (issue.Expression is not null)
        {
            json["expression"] = new JsonArray(issue.Expression);
        }

        return json;
    }

    private static string Code(IssueSeverity severity) => severity switch
    {
        IssueSeverity.Fatal => "fatal",
        IssueSeverity.Error => "error",
        IssueSeverity.Warning => "warning",
        IssueSeverity.Information => "information",
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };
}
