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
public sealed record HistoryCursor(DateTimeOffset LastUpdated, string Id, int Version);
