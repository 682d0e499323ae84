using System.Collections.Immutable;

namespace FhirFacade.Storage.Resources;

/// <summary>Part of a history, newest first.</summary>
/// <param name="Entries">The versions that the grant opens, each judged by its own content.</param>
/// <param name="Next">Where the next page begins; null if this was the last.</param>
public sealed record HistoryPage(ImmutableArray<HistoryEntry> Entries, HistoryCursor? Next);

/// <summary>The last entry of a page. Not a secret, but not for clients to make up either: sign it.</summary>
/// <param name="LastUpdated">Of that entry.</param>
/// <param name="Id">Of that entry.</param>
/// <param name="Version">Of that entry.</param>
/// <param name="Type">Of that entry.</param>
public sealed record HistoryCursor(DateTimeOffset LastUpdated, string Id, int Version, string Type);

/// <summary>Which versions of a history are wanted.</summary>
/// <param name="Since">Only those from this instant on; null for all.</param>
/// <param name="Before">Only those before this instant; null for all.</param>
/// <param name="CurrentFrom">Only those that were still current at this instant or came after it; null for all.</param>
public sealed record HistoryRange(DateTimeOffset? Since = null, DateTimeOffset? Before = null, DateTimeOffset? CurrentFrom = null)
{
    /// <summary>Every version.</summary>
    public static HistoryRange All { get; } = new();

    /// <summary>The versions that were current at some time from <paramref name="low"/> until before <paramref name="high"/>.</summary>
    public static HistoryRange At(DateTimeOffset low, DateTimeOffset high) => new(null, high, low);
}
