namespace FhirFacade.Storage.Journal;

/// <summary>Proof that a message is on disk.</summary>
/// <param name="Id">The journal row that holds the bytes: for a duplicate, the first arrival's.</param>
/// <param name="IsDuplicate">The same message was there before; it will not be stored a second time.</param>
/// <param name="State">Of that row, as far as is known: a new row is received or failed.</param>
public sealed record JournalReceipt(long Id, bool IsDuplicate, JournalState State);
