namespace FhirFacade.Storage.Resources;

/// <summary>A version in a history.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">meta.versionId; a deletion has one, too.</param>
/// <param name="LastUpdated">When this version came to be.</param>
/// <param name="Method">How: POST, PUT or DELETE.</param>
/// <param name="Doc">The complete resource as UTF-8 JSON; null for a deletion.</param>
public sealed record HistoryEntry(string Type, string Id, int Version, DateTimeOffset LastUpdated, string Method, ReadOnlyMemory<byte>? Doc)
{
    /// <summary>The one patient whose it is, or was before it was deleted, by the store's key; null for none and for several.</summary>
    public long? PatientKey { get; init; }
}
