using FhirFacade.Server.Render;
using FhirFacade.Server.Smart;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Rest.Operations;

/// <summary>A resource that an operation found, as an entry of a searchset.</summary>
internal static class SearchEntry
{
    /// <summary>The entry with the resource's absolute URL.</summary>
    public static BundleEntry Of(SmartSettings settings, StoredResource resource, string mode) =>
        new BundleEntry.Search($"{settings.FhirBase}/{resource.Type}/{resource.Id}", resource.Type, resource.Doc, mode) { Version = resource };
}
