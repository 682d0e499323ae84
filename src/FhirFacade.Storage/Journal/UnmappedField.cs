namespace FhirFacade.Storage.Journal;

/// <summary>A field that senders fill and no mapping uses.</summary>
/// <param name="Field">Its coordinate without numbers of repetition ("PID-31").</param>
/// <param name="Sender">Who fills it; null where all senders are counted together.</param>
/// <param name="Messages">In how many messages.</param>
/// <param name="Count">How often.</param>
/// <param name="Example">A journal row with such a message, the latest.</param>
public sealed record UnmappedField(string Field, string? Sender, long Messages, long Count, long Example);
