namespace FhirFacade.Storage.Journal;

/// <summary>Which rows of the journal, newest first.</summary>
/// <param name="State">Only rows in this state.</param>
/// <param name="Sender">Only rows of this sender.</param>
/// <param name="Before">Only rows with smaller ids: the last id of the page before.</param>
/// <param name="Limit">At most this many rows.</param>
public sealed record JournalFilter(JournalState? State = null, string? Sender = null, long? Before = null, int Limit = 50);
