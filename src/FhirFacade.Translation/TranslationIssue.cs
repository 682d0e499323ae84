using FhirFacade.Hl7v2.Parsing;

namespace FhirFacade.Translation;

/// <summary>Something about a message that its sender should know. Never holds a value of the message.</summary>
/// <param name="Severity"><see cref="Hl7Severity.Error"/> makes the translation a failure.</param>
/// <param name="Code">Of HL7 table 0357.</param>
/// <param name="Location">Coordinate, such as <c>PID-3(2).1</c>.</param>
/// <param name="Rule">What was expected there.</param>
public sealed record TranslationIssue(Hl7Severity Severity, int Code, string Location, string Rule);
