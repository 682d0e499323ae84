namespace FhirFacade.Storage.Journal;

/// <summary>Limits of the journal's writer.</summary>
public sealed record JournalWriterOptions
{
    /// <summary>Messages that may wait for their commit; who brings more, waits before that.</summary>
    public int Waiting { get; init; } = 1024;

    /// <summary>Greatest number of messages in one commit.</summary>
    public int MessagesInCommit { get; init; } = 256;

    /// <summary>A commit takes no further message once it has this many bytes.</summary>
    public int BytesInCommit { get; init; } = 8 << 20;
}
