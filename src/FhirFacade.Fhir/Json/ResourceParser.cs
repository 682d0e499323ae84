using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FhirFacade.Fhir.Outcomes;

namespace FhirFacade.Fhir.Json;

/// <summary>Reads bytes as the JSON of one resource.</summary>
public static class ResourceParser
{
    /// <summary>
    /// Parses UTF-8 JSON, with or without a byte order mark. The result holds a document only if the bytes are one JSON
    /// object within the limits, whose texts are well-formed, in which no object has a key twice and <c>resourceType</c>
    /// is a text; whether it is a valid resource is the validator's question. Never throws on content.
    /// </summary>
    public static ResourceParseResult Parse(ReadOnlyMemory<byte> utf8, ResourceLimits? limits = null) => Parse(utf8, limits, keys: true);

    /// <summary>
    /// As <see cref="Parse(ReadOnlyMemory{byte}, ResourceLimits?)"/>, but for keys that an object has twice: for who looks for them while doing something else
    /// (<see cref="Validation.StructureValidator.IsSound"/>).
    /// </summary>
    public static ResourceParseResult ParseText(ReadOnlyMemory<byte> utf8, ResourceLimits? limits = null) => Parse(utf8, limits, keys: false);

    private static ResourceParseResult Parse(ReadOnlyMemory<byte> utf8, ResourceLimits? limits, bool keys)
    {
        limits ??= ResourceLimits.Default;
        if (utf8.Length > limits.MaxBytes)
        {
            return Refuse(IssueType.TooLong, $"The content is longer than {limits.MaxBytes} bytes.");
        }

        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            return Refuse(IssueType.Structure, "The content is not valid UTF-8.");
        }

        var options = new JsonDocumentOptions { MaxDepth = limits.MaxDepth };
        try
        {
            return Check(utf8, JsonDocument.Parse(utf8, options), keys);
        }
        catch (JsonException exception)
        {
            return IsTooDeep(utf8.Span, limits.MaxDepth)
                ? Refuse(IssueType.TooCostly, $"Objects and arrays are nested deeper than {limits.MaxDepth} levels.")
                : Refuse(IssueType.Structure, $"The content is not JSON; reading failed in line {exception.LineNumber + 1} at byte {exception.BytePositionInLine + 1}.");
        }
    }

    /// <summary>Whether syntactically valid JSON is UTF-8 whose texts can all be read.</summary>
    internal static bool IsText(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && SurrogateEscapes.ArePaired(json);

    private static ResourceParseResult Check(ReadOnlyMemory<byte> utf8, JsonDocument document, bool keys)
    {
        ResourceParseResult result;
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            result = Refuse(IssueType.Structure, "A resource is a JSON object.");
        }
        else if (!SurrogateEscapes.ArePaired(utf8.Span))
        {
            result = Refuse(IssueType.Structure, "A text has one half of a surrogate pair.");
        }
        else if (keys && DuplicateKeys.Find(document.RootElement) is { IsEmpty: false } issues)
        {
            result = new(null, issues);
        }
        else if (!document.RootElement.TryGetProperty("resourceType"u8, out var type) || type.ValueKind != JsonValueKind.String)
        {
            result = Refuse(IssueType.Structure, "A resource names its resourceType.");
        }
        else
        {
            return new(document, []);
        }

        document.Dispose();
        return result;
    }

    private static bool IsTooDeep(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= maxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Broken before it became too deep.
            return false;
        }

        return false;
    }

    private static ResourceParseResult Refuse(string code, string rule) => new(null, [Issue.Error(code, rule)]);
}
