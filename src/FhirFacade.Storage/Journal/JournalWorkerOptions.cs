using System.Text.Json.Nodes;

namespace FhirFacade.Storage.Journal;

/// <summary>How the journal is worked off.</summary>
public sealed record JournalWorkerOptions
{
    /// <summary>Workers in this process; each needs a connection.</summary>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Greatest number of messages in one transaction.</summary>
    public int MessagesInTransaction { get; init; } = 50;

    /// <summary>A transaction takes no further message once it has this many bytes.</summary>
    public int BytesInTransaction { get; init; } = 4 << 20;

    /// <summary>
    /// Called with each resource as a message and what was stored make it together, before it is compared and written; may change it. Pure, and called by several
    /// workers at once.
    /// </summary>
    public Action<JsonObject>? Complete { get; init; }

    /// <summary>How often to look for messages that another server received, or left behind.</summary>
    public TimeSpan PollingInterval { get; init; } = TimeSpan.FromSeconds(1);
}
