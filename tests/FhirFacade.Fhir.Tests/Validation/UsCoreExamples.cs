using System.Text.Json;
using FhirFacade.Fhir.Packages;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Fhir.Tests.Validation;

/// <summary>The examples inside the packages of US Core, with a validator that knows their package.</summary>
internal sealed class UsCoreExamples
{
    private readonly Dictionary<string, JsonElement> _byReference = new(StringComparer.Ordinal);

    public UsCoreExamples(string file)
    {
        using var stream = File.OpenRead(Path.Combine(SharedData.Folder("fhir/us-core"), file));
        var archive = PackageArchive.Read(stream);
        Validator = ResourceValidator.R4.With(PackageLoader.Load(archive.Entries).Package!);
        foreach (var entry in archive.Entries.Where(entry => entry.Name.StartsWith("package/example/", StringComparison.Ordinal)))
        {
            var resource = JsonDocument.Parse(entry.Content).RootElement;
            if (resource.TryGetProperty("resourceType", out var type) && resource.TryGetProperty("id", out var id))
            {
                _byReference[$"{type.GetString()}/{id.GetString()}"] = resource;
            }
        }
    }

    public ResourceValidator Validator { get; }

    public IReadOnlyDictionary<string, JsonElement> ByReference => _byReference;

    public ValidationRequest Request => new([], url => _byReference.TryGetValue(url, out var resource) ? resource : null);
}
