using System.Text.Json;

namespace FhirFacade.Definitions;

/// <summary>The resources of a Bundle in a file of the package.</summary>
internal static class BundleFile
{
    public static IEnumerable<JsonElement> Read(string folder, string name, string resourceType)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        using var document = JsonDocument.Parse(stream);
        foreach (var entry in document.RootElement.GetProperty("entry").EnumerateArray())
        {
            var resource = entry.GetProperty("resource");
            if (resource.GetProperty("resourceType").ValueEquals(resourceType))
            {
                yield return resource.Clone();
            }
        }
    }
}
