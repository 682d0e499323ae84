using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>A type and those of its elements that it does not inherit, in order.</summary>
internal sealed record Structure(string Name, string Url, string Kind, string? Base, bool IsAbstract, JsonElement Root, IReadOnlyList<JsonElement> Elements)
{
    /// <summary>The FHIR type of a type reference: what FHIRPath calls System.String may be an id or a uri.</summary>
    public static string TypeCode(string path, JsonElement type)
    {
        var code = type.Text("code")!;
        if (!code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal))
        {
            return code;
        }

        // The package calls Resource.id a string; the specification's text and the type table call it an id.
        return path == "Resource.id" ? "id"
            : type.Items("extension").FirstOrDefault() is { ValueKind: JsonValueKind.Object } extension ? extension.Text("valueUrl") ?? "string"
            : "string";
    }
}
