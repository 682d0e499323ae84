namespace FhirFacade.Storage.Journal;

/// <summary>
/// The message is not known to be on disk: the sender must not be told that it was accepted. Sending it again is safe,
/// also if it did get there.
/// </summary>
public sealed class JournalUnavailableException : Exception
{
    /// <summary>Creates the exception with the reason.</summary>
    public JournalUnavailableException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>Creates the exception with a reason of its own.</summary>
    public JournalUnavailableException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    public JournalUnavailableException() : base("the journal cannot be written") { }
}
