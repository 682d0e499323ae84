using System.Runtime.InteropServices;
using System.Text.Json;

namespace FhirFacade.Storage.Search.Execute;

/// <summary>A contained resource taken out of its container.</summary>
internal static class ContainedContent
{
    /// <summary>Its bytes.</summary>
    /// <exception cref="InvalidOperationException">It is not there: nothing is shown in its place.</exception>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> container, string type, string id)
    {
        using var document = JsonDocument.Parse(container);
        if (document.RootElement.TryGetProperty("contained", out var contained) && contained.ValueKind == JsonValueKind.Array)
        {
            foreach (var resource in contained.EnumerateArray())
            {
                if (Is(resource, "resourceType", type) && Is(resource, "id", id))
                {
                    return JsonMarshal.GetRawUtf8Value(resource).ToArray();
                }
            }
        }

        throw new InvalidOperationException("What is indexed of a resource is not in it.");
    }

    private static bool Is(JsonElement resource, string name, string value) => resource.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(value);
}
