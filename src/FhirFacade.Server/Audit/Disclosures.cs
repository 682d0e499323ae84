using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Server.Render;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>What a request shows or makes, gathered before any of it is sent.</summary>
internal sealed class Disclosures
{
    private readonly List<string> entities = [];
    private readonly HashSet<string> patients = new(StringComparer.Ordinal);

    /// <summary>The versions, as <c>Type/id/_history/n</c>.</summary>
    public IReadOnlyList<string> Entities => entities;

    /// <summary>The ids of the patients whose they are.</summary>
    public IReadOnlyCollection<string> Patients => patients;

    /// <summary>Those of the request; null where it is not audited.</summary>
    public static Disclosures? Of(HttpContext http) => http.Features.Get<Disclosures>();

    /// <summary>Writes the event of the request, once.</summary>
    public Func<Task> Write { get; set; } = () => Task.CompletedTask;

    /// <summary>Completes when the event of the request is on disk: what was added may be sent then, and nothing more be added.</summary>
    public static Task WrittenAsync(HttpContext http) => Of(http)?.Write() ?? Task.CompletedTask;

    /// <summary>A version that is shown or made.</summary>
    public void Add(StoredResource resource) => Add(resource.Type, resource.Id, resource.Version, resource.Doc);

    /// <summary>A deletion.</summary>
    public void AddDeleted(string type, string id, int version)
    {
        entities.Add(string.Create(CultureInfo.InvariantCulture, $"{type}/{id}/_history/{version}"));
        if (type == "Patient")
        {
            patients.Add(id);
        }
    }

    /// <summary>What the entries of a Bundle show or tell. Entries that come later have been audited by themselves.</summary>
    public void Add(Bundle bundle)
    {
        foreach (var entry in bundle.Entries)
        {
            switch (entry)
            {
                case BundleEntry.Answer { Made: { } made }:
                    Add(made);
                    break;
                case BundleEntry.Answer { Deleted: { } gone }:
                    entities.Add(gone);
                    break;
                case BundleEntry.History { Resource.IsEmpty: true } deleted:
                    entities.Add($"{deleted.Url}/_history/{deleted.Version}");
                    break;
                case BundleEntry.Search { Container: { } container }:
                    Add(container);
                    break;
                case { Resource.IsEmpty: false, ResourceType: not "OperationOutcome" }:
                    Add(JsonElement.Parse(entry.Resource.Span));
                    break;
            }
        }
    }

    /// <summary>A resource that is shown; of a Bundle, what is in it.</summary>
    public void Add(JsonElement resource)
    {
        var type = resource.GetProperty("resourceType").GetString()!;
        if (type == "Bundle" && resource.TryGetProperty("entry", out var entries))
        {
            foreach (var entry in entries.EnumerateArray())
            {
                if (entry.TryGetProperty("resource", out var inner) && inner.ValueKind == JsonValueKind.Object)
                {
                    Add(inner);
                }
            }
        }
        else if (resource.TryGetProperty("id", out var id) && resource.TryGetProperty("meta", out var meta) && meta.TryGetProperty("versionId", out var version))
        {
            Add(type, id.GetString()!, version.GetString()!, resource);
        }
    }

    private void Add(string type, string id, int version, ReadOnlyMemory<byte> doc)
    {
        using var document = JsonDocument.Parse(doc);
        Add(type, id, version.ToString(CultureInfo.InvariantCulture), document.RootElement);
    }

    // Whose it is, is what the store says, too: who has it masked reads a reference less, and is told of fewer.
    private void Add(string type, string id, string version, JsonElement resource)
    {
        entities.Add($"{type}/{id}/_history/{version}");
        if (type == "Patient")
        {
            patients.Add(id);
        }
        else if (PatientCompartment.Of(type, resource) is PatientMembership.One(var patient))
        {
            patients.Add(patient);
        }
    }
}
