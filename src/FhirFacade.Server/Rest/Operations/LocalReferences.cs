using System.Text.Json;
using FhirFacade.Fhir.SearchParameters;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>The resources of this server that a resource refers to.</summary>
internal static class LocalReferences
{
    /// <summary>Types and ids, in the order of the text; one may come more than once.</summary>
    public static IEnumerable<(string Type, string Id)> In(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            return json.EnumerateArray().SelectMany(In);
        }
        if (json.ValueKind != JsonValueKind.Object)
        {
            return [];
        }
        var inside = json.EnumerateObject().Where(p => p.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object).SelectMany(p => In(p.Value));
        return json.TryGetProperty("reference", out var text) && text.ValueKind == JsonValueKind.String && RelativeReference.TryParse(text.GetString(), out var reference)
            ? inside.Prepend((reference.Type, reference.Id))
            : inside;
    }
}
