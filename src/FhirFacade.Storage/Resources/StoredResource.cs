namespace FhirFacade.Storage.Resources;

/// <summary>A version of a resource.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">meta.versionId.</param>
/// <param name="LastUpdated">meta.lastUpdated.</param>
/// <param name="Doc">The complete resource as UTF-8 JSON, as it goes to the client.</param>
public sealed record StoredResource(string Type, string Id, int Version, DateTimeOffset LastUpdated, ReadOnlyMemory<byte> Doc)
{
    /// <summary>The resource that contains this one, whose version and time are meant; null for a resource of its own.</summary>
    public StoredResource? Container { get; init; }
}
