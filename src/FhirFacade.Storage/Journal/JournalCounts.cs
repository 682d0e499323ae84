namespace FhirFacade.Storage.Journal;

/// <summary>How many messages there are in each state.</summary>
public sealed record JournalCounts(long Received, long Stored, long Failed, long Duplicate);
