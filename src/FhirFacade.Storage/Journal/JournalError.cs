namespace FhirFacade.Storage.Journal;

/// <summary>Why a message failed. It never holds a value of the message.</summary>
/// <param name="Location">An HL7 coordinate ("PID-3(2).4.1"), "byte 17", or "message".</param>
/// <param name="Rule">The rule that is broken.</param>
/// <param name="Code">HL7 table 0357.</param>
public sealed record JournalError(string Location, string Rule, int Code);
