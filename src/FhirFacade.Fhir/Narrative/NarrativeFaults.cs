using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Narrative;

/// <summary>Finds narratives that break the rules of <see cref="NarrativeXhtml"/>, in one pass over the resource and without its definitions.</summary>
public static class NarrativeFaults
{
    /// <summary>An error for each narrative that is no safe XHTML; none where all are, or none is there.</summary>
    public static ImmutableArray<Issue> Of(JsonElement resource)
    {
        var json = JsonMarshal.GetRawUtf8Value(resource);
        if (json.IndexOf("\"div\""u8) < 0)
        {
            return [];
        }

        var issues = ImmutableArray.CreateBuilder<Issue>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        while (reader.Read())
        {
            // No element of R4 but Narrative.div has that name.
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("div"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.String && NarrativeXhtml.Fault(reader.GetString()!) is { } fault)
            {
                issues.Add(Issue.Error(IssueType.Invariant, $"txt-1: {fault}", reader.CurrentDepth == 2 ? $"{TypeOf(resource)}.text.div" : TypeOf(resource)));
            }
        }

        return issues.DrainToImmutable();
    }

    private static string TypeOf(JsonElement resource) =>
        resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "Resource";
}
