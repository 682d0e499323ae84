namespace FhirFacade.Storage.Journal;

/// <summary>Something in a stored message that was not as it should be. It never holds a value of the message.</summary>
/// <param name="Severity">HL7 table 0516: W or I.</param>
/// <param name="Code">HL7 table 0357.</param>
/// <param name="Location">An HL7 coordinate.</param>
/// <param name="Rule">The rule that is broken.</param>
public sealed record JournalWarning(string Severity, int Code, string Location, string Rule);
