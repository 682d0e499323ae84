using System.Text.Json;
using FhirFacade.Fhir.Definitions;

namespace FhirFacade.Fhir.Validation;

/// <summary>References inside a Bundle: https://hl7.org/fhir/R4/bundle.html#references</summary>
internal sealed class BundleEntries
{
    private readonly Dictionary<string, JsonElement> _byUrl = new(StringComparer.Ordinal);

    public BundleEntries(JsonElement bundle)
    {
        foreach (var entry in bundle.Items("entry"))
        {
            if (entry.Text("fullUrl") is { } fullUrl && entry.Part("resource") is { ValueKind: JsonValueKind.Object } resource)
            {
                _byUrl.TryAdd(fullUrl, resource);
                if (resource.Text("id") is { } id && resource.Text("resourceType") is { } type && fullUrl.EndsWith($"/{type}/{id}", StringComparison.Ordinal))
                {
                    _byUrl.TryAdd($"{type}/{id}", resource);
                }
            }
        }
    }

    /// <summary>The resource that a url names, by fullUrl or, where it is relative, by type and id; null where there is none.</summary>
    public JsonElement? Find(string url) => _byUrl.TryGetValue(url, out var resource) ? resource : null;
}
