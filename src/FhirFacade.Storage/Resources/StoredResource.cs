namespace FhirFacade.Storage.Resources;

/// <summary>A version of a resource.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">meta.versionId.</param>
/// <param name="LastUpdated">meta.lastUpdated.</param>
/// <param name="Doc">The complete resource as UTF-8 JSON, as it goes to the client.</param>
public sealed record StoredResource(string Type, string Id, int Version, DateTimeOffset LastUpdated, ReadOnlyMemory<byte> Doc)
{
    /// <summary>The one patient whose it is, by the store's key; null for none, for several, and where it was not asked for.</summary>
    public long? PatientKey { get; init; }

    /// <summary>The resource that contains this one, whose version and time are meant; null for a resource of its own.</summary>
    public StoredResource? Container { get; init; }
}
