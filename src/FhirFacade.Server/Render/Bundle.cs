using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Render;

/// <summary>A Bundle about to be written; its resources are stored bytes.</summary>
/// <param name="Type"><c>searchset</c>, <c>history</c>, <c>transaction-response</c> ...</param>
/// <param name="Total">The number of all matches, if it was counted.</param>
/// <param name="Links">self, next, previous ...</param>
/// <param name="Entries">In the order in which they are to be written.</param>
public sealed record Bundle(string Type, long? Total, IReadOnlyList<BundleLink> Links, IEnumerable<BundleEntry> Entries)
{
    /// <summary>Entries that come after these and are made while the Bundle is being written; null for none.</summary>
    public IAsyncEnumerable<BundleEntry>? Later { get; init; }

    /// <summary>Total and links, where they are known only when all entries are written: they stand after them then. Not for XML, where they have their place.</summary>
    public Func<(long? Total, IReadOnlyList<BundleLink> Links)>? Ending { get; init; }

    /// <summary>All entries, those to come included.</summary>
    public async IAsyncEnumerable<BundleEntry> All()
    {
        foreach (var entry in Entries)
        {
            yield return entry;
        }
        if (Later is not null)
        {
            await foreach (var entry in Later)
            {
                yield return entry;
            }
        }
    }
}

/// <summary>One of <c>Bundle.link</c>.</summary>
public sealed record BundleLink(string Relation, string Url);

/// <summary>A version that a request made or left, without its content: what is kept of each entry of a transaction, however many there are.</summary>
/// <param name="Type">Resource type.</param>
/// <param name="Id">Logical id.</param>
/// <param name="Version">Its number.</param>
/// <param name="PatientId">The one patient in whose compartment it is; null for none.</param>
public sealed record MadeVersion(string Type, string Id, int Version, string? PatientId);

/// <summary>One of <c>Bundle.entry</c>.</summary>
/// <param name="FullUrl">The resource's absolute URL; null for an outcome.</param>
/// <param name="ResourceType">The type of the resource.</param>
/// <param name="Resource">The stored bytes; empty for the entry of a deletion.</param>
public abstract record BundleEntry(string? FullUrl, string ResourceType, ReadOnlyMemory<byte> Resource)
{
    /// <summary>The version that it shows, or that the request of the entry made or left, whether it is sent back or not; null for none, and where only the bytes are known.</summary>
    public StoredResource? Version { get; init; }

    /// <summary>An entry of a searchset.</summary>
    /// <param name="FullUrl">The resource's absolute URL; null for an outcome.</param>
    /// <param name="ResourceType">The type of the resource.</param>
    /// <param name="Resource">The stored bytes.</param>
    /// <param name="Mode">match, include or outcome.</param>
    public sealed record Search(string? FullUrl, string ResourceType, ReadOnlyMemory<byte> Resource, string Mode)
        : BundleEntry(FullUrl, ResourceType, Resource);

    /// <summary>An entry of a history.</summary>
    /// <param name="FullUrl">The resource's absolute URL.</param>
    /// <param name="ResourceType">The type of the resource.</param>
    /// <param name="Resource">The stored bytes; empty for a deletion.</param>
    /// <param name="Method">The verb that made the version: POST, PUT or DELETE.</param>
    /// <param name="Url">What the verb was applied to, relative to the base.</param>
    /// <param name="Status">The status that it had, such as <c>201 Created</c>.</param>
    /// <param name="Number">The version that it made.</param>
    /// <param name="LastUpdated">When.</param>
    public sealed record History(
        string? FullUrl, string ResourceType, ReadOnlyMemory<byte> Resource, string Method, string Url, string Status, int Number, DateTimeOffset LastUpdated)
        : BundleEntry(FullUrl, ResourceType, Resource);

    /// <summary>An entry of the answer to a batch or transaction.</summary>
    /// <param name="FullUrl">The resource's absolute URL; null without a resource.</param>
    /// <param name="ResourceType">The type of the resource.</param>
    /// <param name="Resource">What is sent back; empty for nothing.</param>
    /// <param name="Status">The status that the request alone would have had, such as <c>201 Created</c>.</param>
    /// <param name="Location">The version that the request made.</param>
    /// <param name="ETag">Its tag.</param>
    /// <param name="LastModified">When.</param>
    /// <param name="Outcome">An OperationOutcome; empty for none.</param>
    public sealed record Answer(
        string? FullUrl, string ResourceType, ReadOnlyMemory<byte> Resource, string Status, string? Location, string? ETag, DateTimeOffset? LastModified, ReadOnlyMemory<byte> Outcome)
        : BundleEntry(FullUrl, ResourceType, Resource)
    {
        /// <summary>The version that the request made or left, whether it is sent back or not; null for none.</summary>
        public MadeVersion? Made { get; init; }
    }
}
