namespace FhirFacade.Server.Ingest;

/// <summary>What became of a message at the door.</summary>
internal enum Verdict
{
    /// <summary>It is durably in the journal and will be processed, or it repeats one that is.</summary>
    Accepted,

    /// <summary>It cannot be processed as it is; it is in the journal as failed.</summary>
    Rejected,

    /// <summary>It is not known to be in the journal: the sender has to send it again.</summary>
    Unavailable,
}

/// <summary>The answer to a message.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Bytes">The ACK without framing; null if the sender does not want one (MSH-15, MSH-16).</param>
internal sealed record Acknowledgement(Verdict Verdict, byte[]? Bytes);
