using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>JSON on one line, with no more escapes than JSON asks for: the files are for reading too.</summary>
internal static class JsonLine
{
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
