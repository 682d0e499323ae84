using FhirFacade.Fhir.Compartments;
using FhirFacade.Storage.Schema;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>A contained resource.</summary>
/// <param name="Container">What contains it.</param>
/// <param name="Place">Where it stands there.</param>
/// <param name="Resource">What is searched.</param>
internal sealed record NaiveContained(NaiveResource Container, int Place, NaiveResource Resource)
{
    public string Name => $"{Container.Type}/{Container.Id}#{Resource.Id}";

    public static IEnumerable<NaiveContained> Of(NaiveResource container) => container.Document.TryGetProperty("contained", out var contained)
        ? contained.EnumerateArray().Select((inner, place) => new NaiveContained(container, place, NaiveResource.Of(inner, container.LastUpdated, -1) with { IsContained = true }))
            .Where(c => ResourceTables.Has(c.Resource.Type))
        : [];

    /// <summary>Whether the container is this patient's.</summary>
    public bool IsOf(string patient) =>
        Container.Type == "Patient" ? Container.Id == patient : Container.Membership is PatientMembership.One one && one.PatientId == patient;
}
