using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Resources;

/// <summary>A version that is to be written, with everything that its row holds.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">Its number; greater than that of every earlier version, deletions included.</param>
/// <param name="Replaces">The number of the current version, which has to be current still; 0 if there is none.</param>
/// <param name="LastUpdated">Later than that of every earlier version, in whole milliseconds.</param>
/// <param name="Hash">Of its content.</param>
/// <param name="Method">POST or PUT.</param>
/// <param name="Source">The journal row that it comes from.</param>
/// <param name="PatientId">The one patient whose compartment it is in.</param>
/// <param name="Index">Its search columns.</param>
/// <param name="Doc">The complete resource.</param>
internal sealed record NewVersion(
    string Type,
    string Id,
    int Version,
    int Replaces,
    DateTimeOffset LastUpdated,
    byte[] Hash,
    string Method,
    long? Source,
    string? PatientId,
    IndexRow Index,
    byte[] Doc)
{
    /// <summary>The version that follows <paramref name="stored"/>.</summary>
    public static NewVersion After(StoredRow stored, ResourceImage image, string method, long? source, DateTimeOffset now)
    {
        var version = stored.Version + 1;
        var lastUpdated = Later(now, stored.LastUpdated);
        return new(
            stored.Type,
            stored.Id,
            version,
            stored.Exists ? stored.Version : 0,
            lastUpdated,
            image.Hash,
            method,
            source,
            image.PatientId,
            image.Index,
            image.Stamp(version, lastUpdated));
    }

    /// <summary>As a row that is stored.</summary>
    public StoredRow AsStored() => new(Type, Id, true, Version, LastUpdated, Hash, Doc);

    /// <summary>As a resource that can be shown.</summary>
    public StoredResource AsResource() => new(Type, Id, Version, LastUpdated, Doc);

    /// <summary>The time of a version: the clock's, but always later than the version before. Milliseconds, as FHIR shows them.</summary>
    public static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset before)
    {
        var clock = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        return clock > before ? clock : before.AddMilliseconds(1);
    }
}
