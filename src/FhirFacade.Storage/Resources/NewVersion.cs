using FhirFacade.Storage.Search.Index;

namespace FhirFacade.Storage.Resources;

/// <summary>A version that is to be written, with everything that its row holds.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">Its number; greater than that of every earlier version, deletions included.</param>
/// <param name="Replaces">The number of the current version, which has to be current still; 0 if there is none.</param>
/// <param name="LastUpdated">Later than that of every earlier version, in whole milliseconds.</param>
/// <param name="Method">POST or PUT.</param>
/// <param name="Source">The journal row that it comes from.</param>
/// <param name="Image">All that does not depend on what is stored.</param>
internal sealed record NewVersion(
    string Type,
    string Id,
    int Version,
    int Replaces,
    DateTimeOffset LastUpdated,
    string Method,
    long? Source,
    ResourceImage Image)
{
    private byte[]? doc;

    /// <summary>Of its content.</summary>
    public byte[] Hash => Image.Hash;

    /// <summary>The one patient whose compartment it is in.</summary>
    public string? PatientId => Image.PatientId;

    /// <summary>Its search columns.</summary>
    public IndexRow Index => Image.Index;

    /// <summary>The complete resource. Made when it is first asked for, and kept: who only writes it asks <see cref="Length"/> and <see cref="CopyTo"/>.</summary>
    public byte[] Doc => doc ??= Image.Stamp(Version, LastUpdated);

    /// <summary>How long the complete resource is, in bytes.</summary>
    public int Length => Image.Content.StampedLength(Version);

    /// <summary>Writes the complete resource to the beginning of a span that is at least <see cref="Length"/> long.</summary>
    public void CopyTo(Span<byte> target) => Image.Content.Stamp(Version, LastUpdated, target);

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
            method,
            source,
            image);
    }

    /// <summary>As a row that is stored.</summary>
    public StoredRow AsStored() => new(Type, Id, true, Version, LastUpdated, Hash, Doc);

    /// <summary>As a resource that can be shown.</summary>
    /// <param name="withDocument">Whether its content is wanted; else the facts alone.</param>
    public StoredResource AsResource(bool withDocument) => new(Type, Id, Version, LastUpdated, withDocument ? Doc : default(ReadOnlyMemory<byte>));

    /// <summary>The time of a version: the clock's, but always later than the version before. Milliseconds, as FHIR shows them.</summary>
    public static DateTimeOffset Later(DateTimeOffset now, DateTimeOffset before)
    {
        var clock = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
        return clock > before ? clock : before.AddMilliseconds(1);
    }
}
