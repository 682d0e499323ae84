namespace FhirFacade.Storage.Journal;

/// <summary>What has become of a message.</summary>
public enum JournalState
{
    /// <summary>Durably kept, waiting for a worker.</summary>
    Received,

    /// <summary>Its resources are stored; both became visible in the same transaction.</summary>
    Stored,

    /// <summary>It could not be read, translated or stored; the row says where and which rule. It can be replayed.</summary>
    Failed,

    /// <summary>The same bytes under the same control id from the same sender as an earlier row, which it names.</summary>
    Duplicate,
}
