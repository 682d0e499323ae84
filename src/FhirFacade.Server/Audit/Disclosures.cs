using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirFacade.Fhir.Compartments;
using FhirFacade.Server.Render;
using FhirFacade.Storage.Resources;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Audit;

/// <summary>What a request shows or makes, gathered before any of it is sent.</summary>
internal sealed class Disclosures(HttpContext http, Auditing auditing)
{
    private readonly List<string> entities = new(1);
    private readonly List<long> keys = new(1);
    private List<string> patients = [];
    private bool isBegun;
    private Task written = Task.CompletedTask;

    /// <summary>The versions, as <c>Type/id/_history/n</c>.</summary>
    public IReadOnlyList<string> Entities => entities;

    /// <summary>The store's keys of the patients whose they are.</summary>
    public IReadOnlyList<long> PatientKeys => keys;

    /// <summary>The ids of further patients whose they are.</summary>
    public IReadOnlyList<string> Patients => patients;

    /// <summary>Who it is, where the token does not say so: in the pages of the authorisation server.</summary>
    public (string Subject, string Client)? Caller { get; set; }

    /// <summary>Whether it failed though the answer, a page for people, has the status of a success.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether it is part of an emergency that is not a matter of the token: in the pages of the authorisation server.</summary>
    public bool IsEmergency { get; set; }

    /// <summary>Those of the request; null where it is not audited.</summary>
    public static Disclosures? Of(HttpContext http) => http.Features.Get<Disclosures>();

    /// <summary>Completes when the event of the request is safe: what was added may be sent then.</summary>
    public static Task WrittenAsync(HttpContext http) => Of(http)?.WriteAsync() ?? Task.CompletedTask;

    /// <summary>The same after more of it: each part of a long answer has an event of its own.</summary>
    public static Task WrittenAsync(HttpContext http, ImmutableArray<StoredResource> more)
    {
        if (Of(http) is not { } disclosures)
        {
            return Task.CompletedTask;
        }
        foreach (var resource in more)
        {
            disclosures.Add(resource);
        }
        return disclosures.WriteAsync();
    }

    /// <summary>Writes the event of the request: once, and again when there is more to tell.</summary>
    public Task WriteAsync()
    {
        if (isBegun && entities.Count == 0)
        {
            // That there was no way to write it down may be said: it shows nothing.
            return written.IsFaulted && http.Response.StatusCode >= StatusCodes.Status500InternalServerError ? Task.CompletedTask : written;
        }
        isBegun = true;
        written = auditing.AppendAsync(http, this);
        entities.Clear();
        keys.Clear();
        patients = [];
        return written;
    }

    /// <summary>A version that is made or left, whose content is not at hand.</summary>
    public void Add(MadeVersion made)
    {
        entities.Add(string.Create(CultureInfo.InvariantCulture, $"{made.Type}/{made.Id}/_history/{made.Version}"));
        if (made.PatientId is { } patient)
        {
            patients.Add(patient);
        }
    }

    /// <summary>A version that is shown or made; also a deletion. Of what is contained in another resource, that one's.</summary>
    public void Add(StoredResource resource)
    {
        resource = resource.Container ?? resource;
        entities.Add(string.Create(CultureInfo.InvariantCulture, $"{resource.Type}/{resource.Id}/_history/{resource.Version}"));
        if (resource.PatientKey is { } key)
        {
            Add(key);
        }
        else if (resource.Type == "Patient")
        {
            patients.Add(resource.Id);
        }
        else if (!resource.Doc.IsEmpty && PatientCompartment.Contains(resource.Type))
        {
            using var document = JsonDocument.Parse(resource.Doc);
            AddPatients(resource.Type, document.RootElement);
        }
    }

    /// <summary>A patient of whom something is shown that is no resource.</summary>
    public void AddPatient(string id)
    {
        entities.Add("Patient/" + id);
        patients.Add(id);
    }

    /// <summary>What the entries of a Bundle show or tell. Entries that come later are told of by themselves.</summary>
    public void Add(Bundle bundle)
    {
        foreach (var entry in bundle.Entries)
        {
            switch (entry)
            {
                case BundleEntry.Answer { Made: { } made }:
                    Add(made);
                    break;
                case { Version: { } version }:
                    Add(version);
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
            entities.Add($"{type}/{id.GetString()}/_history/{version.GetString()}");
            AddPatients(type, resource);
        }
    }

    // A page often holds one patient's: the same key twice in a row is one.
    private void Add(long key)
    {
        if (keys.Count == 0 || keys[^1] != key)
        {
            keys.Add(key);
        }
    }

    // What belongs to several belongs to nobody for the store; here each of them is told of it.
    private void AddPatients(string type, JsonElement resource) => patients.AddRange(PatientCompartment.PatientsOf(type, resource));
}
